"""An independent client of the EPCIS binding, in Python's standard library alone.

It captures, follows the job, pages, subscribes by a called address and by a socket, checks both signatures of deliveries
against the documentation (HMAC-SHA256 and RFC 9421 with Ed25519), loses a socket and opens it again, and asks for EPC URNs.
Usage: epcis_client.py HOST:PORT TOKEN
"""

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import queue
import signal
import socket
import struct
import sys
import threading
import time
from xml.etree import ElementTree

NODE, TOKEN = sys.argv[1], sys.argv[2]
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/x/"}]
PATIENCE = 60


def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection(NODE, timeout=PATIENCE)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers.setdefault("Authorization", "Bearer " + TOKEN)
    if body is not None:
        headers.setdefault("Content-Type", "application/ld+json")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, dict((name.lower(), value) for name, value in answer.getheaders()), answer.read()


def until(holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to be"


def event(number, step="departing"):
    return {
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": step,
        "eventTime": "2026-11-01T07:00:%02dZ" % (number % 60), "eventTimeZoneOffset": "+00:00",
        "epcList": ["https://id.gs1.org/01/04012345111118/21/P%d" % number],
        "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.122"}, "ex:number": number,
    }


def document(events):
    return {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": "2026-11-01T08:00:00Z", "epcisBody": {"eventList": events}}


def numbers(answer):
    listed = answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return [one["ex:number"] for one in listed]


def capture(events, behaviour="rollback"):
    status, headers, body = ask("POST", "/epcis/capture", document(events), GS1_Capture_Error_Behaviour=behaviour)
    assert status == 202, (status, body)
    while True:
        job = json.loads(ask("GET", headers["location"])[2])
        if not job["running"]:
            return job


# --- Ed25519 as RFC 8032, section 6, gives it; slow, and independent of the node's library.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def add(a, b):
    t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P, 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t[1] - t[0], t[3] - t[2], t[3] + t[2], t[1] + t[0]
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    assert (x * x - square) % P == 0, "no point"
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def verifies(key, message, signature):
    base_y = 4 * pow(5, P - 2, P) % P
    base = point_of(base_y.to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, base), add(point_of(signature[:32]), times(challenge, point_of(key)))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def check_signature(headers, body, method=None, address=None):
    key = json.loads(ask("GET", "/api/node/key")[2])
    public = base64.urlsafe_b64decode(key["jwk"]["x"] + "=")
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
    assert headers["content-digest"] == digest, "the body is another"
    parameters = headers["signature-input"].removeprefix("kervan=")
    assert 'keyid="%s"' % key["keyId"] in parameters and 'alg="ed25519"' in parameters, parameters
    names = parameters[1:parameters.index(")")].replace('"', "").split()
    values = dict(headers, **{"@method": method, "@target-uri": address})
    base = "".join('"%s": %s\n' % (name, values[name]) for name in names) + '"@signature-params": ' + parameters
    signature = base64.b64decode(headers["signature"].removeprefix("kervan=:").removesuffix(":"))
    assert verifies(public, base.encode(), signature), "the signature is wrong"
    assert not verifies(public, base.encode() + b" ", signature), "every signature passes"


# --- A receiver that is called: it refuses the first time, and takes it the second.
received = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.put((dict((n.lower(), v) for n, v in self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


# --- A socket as RFC 6455 gives it.
class Socket:
    def __init__(self, path, protocol=None, answer_pings=True):
        host, port = NODE.split(":")
        self.answer_pings, self.pinged = answer_pings, []
        self.stream = socket.create_connection((host, int(port)), PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode()
        token = "Sec-WebSocket-Protocol: epcis, kervan.bearer." + TOKEN if protocol else "Authorization: Bearer " + TOKEN
        self.stream.sendall(("GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s\r\n"
                             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n" % (path, NODE, token, key)).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.stream.recv(1)
            assert part, head
            head += part
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = dict((n.lower(), v) for n, v in (line.split(": ", 1) for line in lines[1:] if ": " in line))
        if self.status == 101:
            wanted = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
            assert self.headers["sec-websocket-accept"] == base64.b64encode(wanted).decode()

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.stream.recv(count - len(data))
            assert part, "the socket was cut"
            data += part
        return data

    def send(self, kind, payload):
        mask = os.urandom(4)
        length = len(payload)
        size = bytes([0x80 | length]) if length < 126 else bytes([0xFE]) + struct.pack(">H", length)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        self.stream.sendall(bytes([0x80 | kind]) + size + mask + masked)

    def frame(self):
        first, second = self.exactly(2)
        length = second & 0x7F
        if length == 126:
            length, = struct.unpack(">H", self.exactly(2))
        elif length == 127:
            length, = struct.unpack(">Q", self.exactly(8))
        return first & 0x0F, self.exactly(length)

    def message(self):
        """The next text, or code and reason of a close."""
        while True:
            kind, payload = self.frame()
            if kind == 9:
                self.pinged.append(payload)
                if self.answer_pings:
                    self.send(10, payload)
            elif kind == 1:
                return payload
            elif kind == 8:
                return struct.unpack(">H", payload[:2])[0], payload[2:].decode()

    def close(self, code=1000):
        self.send(8, struct.pack(">H", code))
        while self.frame()[0] != 8:
            pass
        self.stream.close()


def check_capture_and_pages():
    job = capture([event(number) for number in range(25)])
    assert "remarks" not in job, job
    assert job["success"] and job["events"] == 25, job
    wrong = dict(event(900), bizStep="departng")
    job = capture([event(25), wrong, event(26)], "proceed")
    assert not job["success"] and job["events"] == 2, job
    assert [(e["type"], e["instance"], e["remedy"]) for e in job["errors"]] == [
        ("epcisException:ValidationException", "/epcisBody/eventList/1/bizStep", "write `departing`")], job
    status, _, refused = ask("POST", "/epcis/capture", document([event(27), wrong]))
    assert status == 400 and json.loads(refused)["type"] == "epcisException:ValidationException", refused
    seen, path = [], "/epcis/events?perPage=7&EQ_bizStep=departing"
    while path:
        status, headers, body = ask("GET", path)
        assert status == 200, body
        seen += numbers(json.loads(body))
        # Captured while the pages are read: not in this answer, and nothing is told twice for it.
        capture([event(100 + len(seen))])
        link = headers.get("link", "")
        path = link[link.index("<") + 1:link.index(">")] if 'rel="next"' in link else None
    assert seen == list(range(27)), seen


def check_marks():
    # A clock that is ahead is kept and marked; what is there already is not there twice; each typo gets the right word.
    future = dict(event(50, "storing"), eventTime="2999-01-01T00:00:00Z")
    job = capture([future])
    assert job["success"] and [one["code"] for one in job["remarks"]] == ["events.clock-ahead"], job
    same = dict(event(51, "storing"), epcList=["urn:epc:id:sgtin:4012345.011111.P51"])
    assert capture([event(51, "storing"), same])["success"] and capture([same])["success"]
    _, _, body = ask("GET", "/epcis/events?EQ_bizStep=storing")
    assert numbers(json.loads(body)) == [50, 51], body
    assert ask("POST", "/epcis/events", dict(same, **{"@context": CONTEXT}))[0] == 409
    for field, typo, right in [("bizStep", "urn:epcglobal:cbv:bizstep:ariving", "arriving"),
                               ("disposition", "in-transit", "in_transit"), ("action", "OBSERV", "OBSERVE")]:
        status, _, body = ask("POST", "/epcis/capture", document([dict(event(52), **{field: typo})]))
        told = json.loads(body)
        if status == 202:
            # As a URI it is valid by the schemas: kept, and marked.
            told = {"findings": json.loads(ask("GET", "/epcis/capture/" + told["captureID"])[2])["remarks"]}
        assert told["findings"][0]["remedy"] == "write `%s`" % right, (status, told)
        assert told["findings"][0]["path"] == "/epcisBody/eventList/0/" + field, told


def check_formats():
    # The read point shows the company prefix, so that the things can be told as URN too.
    _, _, body = ask("GET", "/epcis/events?perPage=1", GS1_EPC_Format="Always_EPC_URN")
    first = json.loads(body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]
    assert first["epcList"] == ["urn:epc:id:sgtin:4012345.011111.P0"], first
    _, _, body = ask("GET", "/epcis/events?perPage=1", GS1_EPC_Format="Always_GS1_Digital_Link")
    assert b"https://id.gs1.org/414/4012345000054/254/122" in body, body
    _, headers, body = ask("GET", "/epcis/events?perPage=1", Accept="application/xml", GS1_CBV_XML_Format="Always_Web_URI")
    assert headers["content-type"] == "application/xml" and b"https://ref.gs1.org/cbv/BizStep-departing" in body, body
    assert ask("GET", "/epcis/events", Accept="text/csv")[0] == 406
    assert ask("GET", "/epcis/events", GS1_EPC_Format="Sometimes")[0] == 406


def check_called_address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = "http://127.0.0.1:%d/hook" % server.server_port
    terms = {"dest": address, "stream": True, "signatureToken": "shared", "epcFormat": "Always_EPC_URN"}
    status, _, told = ask("POST", "/epcis/queries/arrivals/subscriptions", terms)
    assert status == 201 and b"shared" not in told, told
    capture([event(300), event(301, "arriving")])
    headers, body = received.get(timeout=PATIENCE)
    delivery = json.loads(body)
    assert numbers(delivery) == [301], body
    assert b"urn:epc:id:sgtin:4012345.011111.P301" in body, body
    assert delivery["id"] == "urn:uuid:" + headers["kervan-delivery"]
    wanted = "sha256=" + hmac.new(b"shared", body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(headers["gs1-signature"], wanted)
    check_signature(headers, body, "POST", address)
    with open(sys.argv[3], "wb") as file:
        lines = "".join("%s: %s\r\n" % pair for pair in headers.items())
        file.write(("POST /hook HTTP/1.1\r\n" + lines + "\r\n").encode() + body)
    with open(sys.argv[3] + ".url", "w") as file:
        file.write(address)


def check_socket():
    events = "/epcis/queries/arrivals/events"
    assert Socket(events).status == 400
    assert Socket(events + "?stream=true&second=0").status == 400
    assert Socket("/epcis/queries/nothing/events?stream=true").status == 404
    # A late joiner hears what was captured before.
    late = Socket(events + "?stream=true&initialRecordTime=2020-01-01T00:00:00Z", protocol=True)
    assert late.status == 101 and late.headers["sec-websocket-protocol"] == "epcis", late.headers
    first = json.loads(late.message())
    assert numbers(first) == [301] and late.headers["kervan-subscription"] == \
        first["epcisBody"]["queryResults"]["subscriptionID"], first
    late.close()

    # What is not acknowledged comes again, under the same id, on the next socket; what is comes never again.
    one = Socket(events + "?stream=true&acknowledge=message&signed=true")
    capture([event(310, "arriving")])
    body = one.message()
    lost = json.loads(body)
    check_signature(dict((n.lower(), v) for n, v in json.loads(one.message()).items()), body)
    assert numbers(lost) == [310]
    one.stream.close()
    subscription = one.headers["kervan-subscription"]
    again = events + "?subscriptionID=" + subscription
    two = Socket(again + "&acknowledge=message")
    repeated = json.loads(two.message())
    assert (repeated["id"], numbers(repeated)) == (lost["id"], [310]), repeated
    two.send(1, json.dumps({"acknowledge": repeated["id"]}).encode())
    capture([event(311, "arriving")])
    third = json.loads(two.message())
    assert numbers(third) == [311] and third["id"] != lost["id"], third
    # A newer socket of the same subscription ends the older one, and gets what was not acknowledged.
    three = Socket(again)
    code, reason = two.message()
    assert code == 1008 and "newer" in reason, (code, reason)
    assert numbers(json.loads(three.message())) == [311]
    capture([event(312, "arriving")])
    assert numbers(json.loads(three.message())) == [312]
    three.send(1, b"hello")
    code, reason = three.message()
    while code != 1008:
        code, reason = three.message()
    assert "acknowledge" in reason, reason
    four = Socket(again)
    four.close()
    # Closed in order, the subscription is over.
    until(lambda: ask("GET", "/epcis/queries/arrivals/subscriptions/" + subscription)[0] == 404)


def check_plain_xml():
    """Jobs, the list of resources and refusals in XML, and in JSON for who does not ask."""
    job = ask("POST", "/epcis/capture", document([event(400)]))[1]["location"]
    told = json.loads(ask("GET", job)[2])
    status, headers, body = ask("GET", job, Accept="application/xml")
    root = ElementTree.fromstring(body)
    assert (status, headers["content-type"], plain(root.tag)) == (200, "application/xml", "CaptureJob"), body
    for name, value in told.items():
        text = next(one for one in root if plain(one.tag) == name).text
        wanted = value if isinstance(value, str) else "" if value == [] else json.dumps(value)
        assert (text or "") == wanted, (name, text)
    listed = ElementTree.fromstring(ask("GET", "/epcis", Accept="text/xml")[2])
    members = next(one for one in listed if plain(one.tag) == "member")
    assert [one.text for one in members] == json.loads(ask("GET", "/epcis")[2])["member"]
    for path in ["/epcis/events?EQ_bizStp=x", "/epcis/queries/none", "/epcis/capture/none"]:
        told = json.loads(ask("GET", path)[2])
        status, headers, body = ask("GET", path, Accept="application/xml")
        problem = ElementTree.fromstring(body)
        assert headers["content-type"] == "application/problem+xml" and problem.tag == "{urn:ietf:rfc:7807}problem"
        for name in ["type", "title", "detail", "status"]:
            assert problem.find("{urn:ietf:rfc:7807}" + name).text == str(told[name]), (path, body)


def plain(tag):
    return tag.split("}")[1]


def check_token_of_page():
    status, headers, _ = ask("GET", "/epcis/events?perPage=1")
    assert status == 200 and 'rel="next"' in headers["link"]
    assert headers["gs1-next-page-token-expires"].startswith("9999-"), headers


def check_most_sockets():
    """A party holds fifty sockets; the next is told to come again, and may when one of them is closed."""
    path = "/epcis/queries/arrivals/events?hour=1"
    held = [Socket(path) for _ in range(50)]
    code, reason = Socket(path).message()
    assert code == 1013 and "50" in reason, (code, reason)
    held.pop().close()

    def opens():
        one = Socket(path)
        one.stream.settimeout(0.2)
        try:
            return one.message()[0] != 1013
        except TimeoutError:
            held.append(one)
            return True
    until(opens)
    return held


def check_stop(held):
    """A node that is asked to stop says so on every socket."""
    os.kill(int(os.environ["NODE_PID"]), signal.SIGTERM)
    for one in held:
        one.stream.settimeout(PATIENCE)
        code, reason = one.message()
        assert code == 1001 and "open the socket again" in reason, (code, reason)


def main():
    check_capture_and_pages()
    check_plain_xml()
    check_token_of_page()
    check_marks()
    check_formats()
    status, _, body = ask("POST", "/epcis/queries", {"name": "arrivals", "query": {"EQ_bizStep": ["arriving"]}})
    assert status == 201, body
    check_called_address()
    check_socket()
    if "NODE_PID" in os.environ:
        check_stop(check_most_sockets())
    print("all checks passed")


main()
