//! Kinds of package of UN/ECE Recommendation 21.

use crate::CodeError;
use crate::pairs::Pairs;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Codes in force. Source: UN/ECE Recommendation 21, Annex VI.
const CODES: &str = "\
    1A 1B 1D 1F 1G 1W 2C 3A 3H 43 44 4A 4B 4C 4D 4F 4G 4H 5H 5L 5M 6H 6P 7A 7B 8A 8B 8C AA AB AC AD AE \
    AF AG AH AI AJ AL AM AP AT AV B4 BA BB BC BD BE BF BG BH BI BJ BK BL BM BN BO BP BQ BR BS BT BU BV \
    BW BX BY BZ CA CB CC CD CE CF CG CH CI CJ CK CL CM CN CO CP CQ CR CS CT CU CV CW CX CY CZ DA DB DC \
    DG DH DI DJ DK DL DM DN DP DR DS DT DU DV DW DX DY EC ED EE EF EG EH EI EN FB FC FD FE FI FL FO FP \
    FR FT FW FX GB GI GL GR GU GY GZ HA HB HC HG HN HR IA IB IC ID IE IF IG IH IK IL IN IZ JB JC JG JR \
    JT JY KG KI LE LG LT LU LV LZ MA MB MC ME MR MS MT MW MX NA NE NF NG NS NT NU NV O1 O2 O3 O4 O5 O6 \
    O7 O8 O9 OA OB OC OD OE OF OG OH OI OJ OK OL OM ON OP OQ OR OS OT OU OV OW OX OY OZ P1 P2 P3 P4 PA \
    PB PC PD PE PF PG PH PI PJ PK PL PN PO PP PR PT PU PV PX PY PZ QA QB QC QD QF QG QH QJ QK QL QM QN \
    QP QQ QR QS RD RG RJ RK RL RO RT RZ SA SB SC SD SE SH SI SK SL SM SO SP SS ST SU SV SW SY SZ T1 TB \
    TC TD TE TG TI TK TL TN TO TR TS TT TU TV TW TY TZ UC UN VA VG VI VK VL VN VO VP VQ VR VS VY WA WB \
    WC WD WF WG WH WJ WK WL WM WN WP WQ WR WS WT WU WV WW WX WY WZ XA XB XC XD XF XG XH XJ XK YA YB YC \
    YD YF YG YH YJ YK YL YM YN YP YQ YR YS YT YV YW YX YY YZ ZA ZB ZC ZD ZF ZG ZH ZJ ZK ZL ZM ZN ZP ZQ \
    ZR ZS ZT ZU ZV ZW ZX ZY ZZ";
const LISTED: Pairs = Pairs::of(CODES);

/// Names of the commonest kinds, for documents and screens. Source: UN/ECE Recommendation 21.
const NAMES: [(&str, &str); 12] = [
    ("BG", "bag"),
    ("BX", "box"),
    ("CR", "crate"),
    ("CS", "case"),
    ("CT", "carton"),
    ("DR", "drum"),
    ("NE", "unpacked"),
    ("PK", "package"),
    ("PX", "pallet"),
    ("RO", "roll"),
    ("SA", "sack"),
    ("BL", "bale, compressed"),
];

/// A kind of package. Shape: two characters of UN/ECE Recommendation 21, such as `CT` (carton).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PackageKind(String);
text_code!(PackageKind);

impl PackageKind {
    /// Every kind, in the order of the recommendation.
    pub fn list() -> impl Iterator<Item = Self> {
        CODES.split_ascii_whitespace().map(|code| Self(code.to_owned()))
    }

    /// The English name, or the code itself for the rarer kinds.
    pub fn name(&self) -> &str {
        NAMES.iter().find(|(code, _)| *code == self.0).map_or(&self.0, |(_, name)| name)
    }
}

impl FromStr for PackageKind {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.trim();
        if LISTED.has(plain) {
            return Ok(Self(plain.to_owned()));
        }
        Err(CodeError::new(
            text,
            "a package kind of Recommendation 21",
            "it needs a code of the list, such as CT or PK",
        ))
    }
}
