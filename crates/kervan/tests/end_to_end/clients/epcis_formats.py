"""Every form of identifiers on every endpoint that tells them, as GS1-EPC-Format asks for it: an independent client.

Usage: epcis_formats.py HOST:PORT TOKEN
"""

import http.client
import http.server
import json
import queue
import sys
import threading
import urllib.parse

NODE, TOKEN = sys.argv[1], sys.argv[2]
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]
PATIENCE = 60
FORMATS = ["No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates"]

# The same keys in both forms; the company 4012345 shows itself in URNs, 9521141 only in the list that the node was given.
KEYS = {
    "urn:epc:id:sgtin:4012345.011111.S1": "https://id.gs1.org/01/04012345111118/21/S1",
    "urn:epc:id:sscc:9521141.3111111111": "https://id.gs1.org/00/395211411111111119",
    "urn:epc:id:sgln:4012345.00005.122": "https://id.gs1.org/414/4012345000054/254/122",
    "urn:epc:id:sgln:4012345.00005.0": "https://id.gs1.org/414/4012345000054",
    "urn:epc:id:pgln:4012345.00007": "https://id.gs1.org/417/4012345000078",
    "urn:epc:id:gdti:4012345.00001.1618034": "https://id.gs1.org/253/40123450000161618034",
    "urn:epc:id:giai:4012345.111": "https://id.gs1.org/8004/4012345111",
    "urn:epc:class:lgtin:4012345.012345.L1": "https://id.gs1.org/01/04012345123456/10/L1",
    "urn:epc:id:bic:CSQU3054383": "urn:epc:id:bic:CSQU3054383",
}
URNS = dict((link, urn) for urn, link in KEYS.items())


def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection(NODE, timeout=PATIENCE)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers["Authorization"] = "Bearer " + TOKEN
    if body is not None:
        headers["Content-Type"] = "application/ld+json"
        body = json.dumps(body).encode()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, dict((name.lower(), value) for name, value in answer.getheaders()), answer.read()


def event(number, of):
    """An event with an identifier in each field that has one; `of` gives the form in which it is captured."""
    thing, box, gate, site, party, paper, device, lot, container = [of(urn) for urn in KEYS]
    return {
        "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "departing", "disposition": "in_transit",
        "eventTime": "2026-11-01T07:00:%02dZ" % number, "eventTimeZoneOffset": "+00:00",
        "epcList": [thing, box, container], "quantityList": [{"epcClass": lot, "quantity": 2, "uom": "KGM"}],
        "readPoint": {"id": gate}, "bizLocation": {"id": site},
        "bizTransactionList": [{"type": "po", "bizTransaction": paper}],
        "sourceList": [{"type": "owning_party", "source": party}],
        "destinationList": [{"type": "owning_party", "destination": party}],
        "sensorElementList": [{"sensorMetadata": {"deviceID": device, "bizRules": paper, "rawData": paper},
                               "sensorReport": [{"type": "Temperature", "value": 3, "uom": "CEL", "deviceID": device}]}],
    }


def document(events):
    return {"@context": CONTEXT, "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": "2026-11-01T08:00:00Z", "epcisBody": {"eventList": events}}


def keys_in(body):
    """The keys that an answer names, whichever way it is written."""
    text = body.decode()
    return {key for key in list(KEYS) + list(URNS)
            if any('%s%s%s' % (a, key, b) in text for a, b in ['""', "><"])}


def wanted(form, captured):
    if form == "Always_EPC_URN":
        return set(KEYS)
    if form == "Always_GS1_Digital_Link":
        return set(URNS)
    return captured


received = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        received.put((dict((n.lower(), v) for n, v in self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def quoted(text):
    return urllib.parse.quote(text, safe="")


def check_events(named):
    gate, site = "urn:epc:id:sgln:4012345.00005.122", "urn:epc:id:sgln:4012345.00005.0"
    thing = "urn:epc:id:sgtin:4012345.011111.S1"
    _, _, body = ask("GET", "/epcis/events?perPage=1")
    ids = [one["eventID"] for one in json.loads(body)["epcisBody"]["queryResults"]["resultsBody"]["eventList"]]
    paths = ["/epcis/events", "/epcis/events/" + quoted(ids[0]), "/epcis/eventTypes/ObjectEvent/events",
             "/epcis/bizSteps/departing/events", "/epcis/dispositions/in_transit/events", "/epcis/queries/%s/events" % named]
    # Whichever form a thing or place is asked for by, it is the same.
    for collection, key in [("epcs", thing), ("readPoints", gate), ("bizLocations", site)]:
        paths += ["/epcis/%s/%s/events" % (collection, quoted(form)) for form in (key, KEYS[key])]
    for path in paths:
        for form in FORMATS:
            for accept in ["application/ld+json", "application/json", "application/xml"]:
                status, headers, body = ask("GET", path, GS1_EPC_Format=form, Accept=accept)
                assert status == 200, (path, form, accept, body)
                captured = keys_in(ask("GET", path)[2])
                assert keys_in(body) == wanted(form, captured), (path, form, accept, keys_in(body) ^ wanted(form, captured))


def check_collections():
    for collection in ["epcs", "readPoints", "bizLocations"]:
        captured = keys_in(ask("GET", "/epcis/" + collection)[2])
        assert captured, collection
        for form in FORMATS:
            status, _, body = ask("GET", "/epcis/" + collection, GS1_EPC_Format=form)
            assert status == 200, body
            to = {"Always_EPC_URN": lambda key: URNS.get(key, key), "Always_GS1_Digital_Link": lambda key: KEYS.get(key, key)}
            expected = {to.get(form, lambda key: key)(key) for key in captured}
            members = json.loads(body)["member"]
            assert set(members) & (set(KEYS) | set(URNS)) == expected and len(members) == len(set(members)), (collection, form, members)


def check_deliveries(named):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for number, (form, by_header) in enumerate([(form, by_header) for form in FORMATS for by_header in (False, True)]):
        terms = {"dest": "http://127.0.0.1:%d/%d" % (server.server_port, number), "stream": True}
        headers = {"GS1_EPC_Format": form} if by_header else {}
        status, headers, told = ask("POST", "/epcis/queries/%s/subscriptions" % named,
                                    terms if by_header else dict(terms, epcFormat=form), **headers)
        assert status == 201 and json.loads(told)["epcFormat"] == form, told
        one = event(20 + number, lambda urn: urn)
        assert ask("POST", "/epcis/capture", document([one]))[0] == 202
        headers, body = received.get(timeout=PATIENCE)
        assert keys_in(body) == wanted(form, set(KEYS)), (form, keys_in(body))
        assert "kervan-as-captured" not in headers
        assert ask("DELETE", "/epcis/queries/%s/subscriptions/%s" % (named, json.loads(told)["subscriptionID"]))[0] == 204
    # What cannot be told goes as it was captured, and the delivery says how much of it there is.
    terms = {"dest": "http://127.0.0.1:%d/x" % server.server_port, "stream": True, "epcFormat": "Always_EPC_URN"}
    assert ask("POST", "/epcis/queries/%s/subscriptions" % named, terms)[0] == 201
    assert ask("POST", "/epcis/capture", document([stranger()]))[0] == 202
    headers, body = received.get(timeout=PATIENCE)
    assert headers["kervan-as-captured"] == "1" and STRANGER in body.decode(), (headers, body)


STRANGER = "https://id.gs1.org/01/08881234567895/21/S9"


def stranger():
    """A thing of a company of which nothing is known."""
    return dict(event(50, lambda urn: urn), epcList=[STRANGER])


def check_what_cannot_be_told():
    # The answer with it is refused and names it; every other form, and every answer without it, is given.
    path = "/epcis/epcs/%s/events" % quoted(STRANGER)
    for accept in ["application/json", "application/xml"]:
        status, headers, body = ask("GET", path, GS1_EPC_Format="Always_EPC_URN", Accept=accept)
        assert status == 406 and b"epcisException:NotAcceptableException" in body and STRANGER.encode() in body, body
    assert ask("GET", "/epcis/epcs", GS1_EPC_Format="Always_EPC_URN")[0] == 406
    for form in FORMATS:
        if form != "Always_EPC_URN":
            status, _, body = ask("GET", path, GS1_EPC_Format=form)
            assert status == 200 and STRANGER.encode() in body, (form, body)
    assert ask("GET", "/epcis/events?EQ_action=OBSERVE&LT_eventTime=2026-11-01T07:00:40Z", GS1_EPC_Format="Always_EPC_URN")[0] == 200
    # Once the company writes a URN it is known.
    known = dict(event(51, lambda urn: urn), epcList=["urn:epc:id:sgtin:888123456.0789.S1"])
    assert ask("POST", "/epcis/capture", document([known]))[0] == 202
    status, _, body = ask("GET", path, GS1_EPC_Format="Always_EPC_URN")
    assert status == 200 and b'"urn:epc:id:sgtin:888123456.0789.S9"' in body, body


def check_wrong_values():
    for path in ["/epcis/events", "/epcis/epcs", "/epcis/readPoints", "/epcis/bizSteps/departing/events"]:
        for header in ["GS1_EPC_Format", "GS1_CBV_XML_Format"]:
            if header == "GS1_CBV_XML_Format" and not path.endswith("events"):
                continue
            status, _, body = ask("GET", path, **{header: "Sometimes"})
            told = json.loads(body)
            assert status == 406 and told["type"] == "epcisException:NotAcceptableException", (path, header, told)
            assert "Never_Translates" in told["detail"], told


def check_words(named):
    for path in ["/epcis/events?EQ_bizStep=departing", "/epcis/queries/%s/events" % named, "/epcis/epcs/%s/events" % quoted(next(iter(KEYS)))]:
        for form, word in [("No_Preference", b"urn:epcglobal:cbv:bizstep:departing"), ("Always_URN", b"urn:epcglobal:cbv:bizstep:departing"),
                           ("Always_Web_URI", b"https://ref.gs1.org/cbv/BizStep-departing")]:
            status, _, body = ask("GET", path, Accept="application/xml", GS1_CBV_XML_Format=form)
            assert status == 200 and b">" + word + b"<" in body, (path, form, body)
        assert ask("GET", path, Accept="application/xml", GS1_CBV_XML_Format="Never_Translates")[0] == 200


def main():
    # Captured once in each form, each of them other things by their serial numbers being the same: both are found by both.
    status, _, body = ask("POST", "/epcis/capture", document([event(1, lambda urn: urn)]))
    assert status == 202, body
    status, _, body = ask("POST", "/epcis/capture", document([event(2, lambda urn: KEYS[urn])]))
    assert status == 202, body
    status, _, body = ask("POST", "/epcis/queries", {"name": "leaving", "query": {"EQ_bizStep": ["departing"]}})
    assert status == 201, body
    check_events("leaving")
    check_collections()
    check_words("leaving")
    check_wrong_values()
    check_deliveries("leaving")
    check_what_cannot_be_told()
    print("all checks passed")


main()
