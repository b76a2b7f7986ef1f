//! Files of certificates and keys in PEM, and what stands in a file that is something else.

use crate::cli::Failure;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;

/// Largest file of certificates or a key; the roots of a whole list take a quarter of a megabyte.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The certificates of a file, in its order; at least one.
///
/// Errors: the file cannot be read, or holds none.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let bytes = bytes_of(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Err(error) if holds(&bytes, "BEGIN CERTIFICATE") => Err(damaged(path, &error)),
        _ => Err(no_certificate(path, &bytes)),
    }
}

/// The private key of a file.
///
/// Errors: the file cannot be read, holds none, or one under a passphrase.
pub(crate) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    let bytes = bytes_of(path)?;
    let name = path.display();
    if holds(&bytes, "ENCRYPTED") {
        let failure =
            Failure::new(format!("{name} holds a key under a passphrase, and nobody is there to type it"));
        return Err(failure.remedy(format!(
            "openssl pkey -in {name} -out NEW writes it without one; let only the node's user read that file (chmod 600)"
        )));
    }
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(rustls::pki_types::pem::Error::NoItemsFound) => Err(no_key(path, &bytes)),
        Err(error) => Err(damaged(path, &error)),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let size = std::fs::metadata(path).map(|file| file.len());
    let bytes = size.and_then(|size| match size {
        0..=LARGEST => std::fs::read(path),
        _ => Err(std::io::Error::other("it is larger than 4 MiB")),
    });
    let mut bytes = bytes.map_err(|error| {
        Failure::new(format!("{name} cannot be read: {error}"))
            .remedy("give the path of a file in PEM that the node's user may read")
    })?;
    // Programs of Windows put a mark before the first line, which is then none of PEM.
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// Whether the bytes begin as those of DER and PKCS#12 do.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

fn no_certificate(path: &Path, bytes: &[u8]) -> Failure {
    let name = path.display();
    if is_binary(bytes) {
        return Failure::new(format!("{name} is not PEM: it is binary, as DER and PKCS#12 (.p12, .pfx) are")).remedy(format!(
            "openssl x509 -inform DER -in {name} -out NEW, or for PKCS#12: openssl pkcs12 -in {name} -nokeys -out NEW"
        ));
    }
    let says =
        if holds(bytes, "PRIVATE KEY") { "holds a key and no certificate" } else { "holds no certificate" };
    Failure::new(format!("{name} {says}")).remedy(
        "certificates in PEM begin with -----BEGIN CERTIFICATE-----; a node's own stands before its chain",
    )
}

fn no_key(path: &Path, bytes: &[u8]) -> Failure {
    let name = path.display();
    if is_binary(bytes) {
        return Failure::new(format!("{name} is not PEM: it is binary, as DER and PKCS#12 (.p12, .pfx) are")).remedy(format!(
            "openssl pkey -inform DER -in {name} -out NEW, or for PKCS#12: openssl pkcs12 -in {name} -nocerts -noenc -out NEW"
        ));
    }
    let says = if holds(bytes, "CERTIFICATE") {
        "holds a certificate and no private key"
    } else {
        "holds no private key"
    };
    Failure::new(format!("{name} {says}"))
        .remedy("a private key in PEM begins with -----BEGIN PRIVATE KEY-----")
}

fn damaged(path: &Path, error: &rustls::pki_types::pem::Error) -> Failure {
    Failure::new(format!("{} is damaged PEM: {error}", path.display()))
        .remedy("take the file again from where it was made; between BEGIN and END stand only letters, digits, +, / and =")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Failure;

    /// What is said of a file, as a certificate and as a key; nothing where it is taken.
    fn said(bytes: &[u8]) -> [String; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        let text = |failure: Failure| failure.to_string().replace(&path.display().to_string(), "F");
        [
            certificates(&path).map_or_else(text, |_| String::new()),
            private_key(&path).map_or_else(text, |_| String::new()),
        ]
    }

    #[test]
    fn a_file_that_is_something_else_is_told_what_it_is() {
        let made = rcgen::generate_simple_self_signed(["node.example".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let windows = format!("\u{feff}{certificate}{key}").replace('\n', "\r\n");
        let sealed = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n\
                   AAAA\n-----END RSA PRIVATE KEY-----\n";
        let (binary, under) = (
            "F is not PEM: it is binary, as DER and PKCS#12 (.p12, .pfx) are",
            "F holds a key under a passphrase, and nobody is there to type it",
        );
        let cases: [(&[u8], &str, &str); 8] = [
            (windows.as_bytes(), "", ""),
            (certificate.as_bytes(), "", "F holds a certificate and no private key"),
            (key.as_bytes(), "F holds a key and no certificate", ""),
            (sealed.as_bytes(), "F holds a key and no certificate", under),
            (old.as_bytes(), "F holds a key and no certificate", under),
            (made.cert.der(), binary, binary),
            (made.signing_key.serialized_der(), binary, binary),
            (b"", "F holds no certificate", "F holds no private key"),
        ];
        for (bytes, as_certificate, as_key) in cases {
            assert_eq!(said(bytes), [as_certificate, as_key], "{}", String::from_utf8_lossy(bytes));
        }
    }
}
