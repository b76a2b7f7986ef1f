"""A first consignment, from the plan to where it is: written in cells, as in a notebook.

    python first_consignment.py URL TOKEN
"""

# %% A node and the token of a forwarder, as `kervan party add` prints it
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from kervan import Change, Client, Problem  # noqa: E402

url, token = sys.argv[1:3]
node = Client(url, token)
print("the node's clock says", node.get("/api/clock")["now"])

# %% Plan: two 45-foot containers from Xi'an to Istanbul
request = Client.request_of("CNXIA", "TRIST", ready="2026-12-01T08:00:00Z", equipment=[(2, "45G1")], gross_mass_kg=24_820)
plan = node.post("/api/plans", request)
for way in plan["alternatives"]:
    print(f"  {way['id']}: {len(way['steps'])} steps")
request["seed"] = plan["seed"]

# %% What is wrong is said all at once, with places and remedies
try:
    node.plan("CNXIA", "NOWHERE", ready="soon", equipment=[(2, "45G1")])
except Problem as problem:
    print(problem)
    assert problem.status == 422 and problem.findings

# %% Follow what happens from here on, in the background
changes: list[Change] = []


def follow() -> None:
    for change in Client(url, token).follow(after=0):
        changes.append(change)


threading.Thread(target=follow, daemon=True).start()

# %% Declare: the same request twice is done once
text = f"""
reference: KRV-PY-0001
from: CNXIA
to: TRIST
ready: 2026-12-01T08:00:00Z
terms: {{ incoterm: FCA, place: "Xi'an" }}
parties:
  - {{ role: consignor, id: qinling, name: "Qinling Home Appliances", address: "88 Gangwu Avenue, Xi'an", country: CN }}
  - {{ role: consignee, id: bogazici, name: "Bogazici Beyaz Esya", address: "Halkali 14, Istanbul", country: TR }}
  - {{ role: forwarder, id: silkline, name: "Silkline", address: "12 Kabanbay Batyr Ave, Astana", country: KZ }}
goods:
  - description: "Household washing machines"
    hs: "845011"
    origin: CN
    packages: 320
    package_kind: CT
    gross_mass_kg: 23680
    net_mass_kg: 21760
    value: "73600.00"
equipment:
  - {{ number: QINU3041120, size_type: 45G1, tare_kg: 3900 }}
  - {{ number: QINU3041270, size_type: 45G1, tare_kg: 3900 }}
invoice: {{ number: "QHA-26-1187", date: 2026-11-24, currency: USD }}
"""
declared = node.declare(text, key="first-consignment")
assert node.declare(text, key="first-consignment") == declared
print("declared", declared["id"], "as", declared["state"])

# %% Accept the first way: documents are issued, a declaration is lodged for every territory
try:
    accepted = node.accept(declared["id"], request, plan["alternatives"][0]["id"])
    print("accepted:", accepted["state"])
except Problem as problem:
    # A node on which no carrier of the way is registered says so.
    print(problem)
    accepted = node.consignment(declared["id"])

# %% Clear: what stands before which customs, and what waits for an officer
for movement in node.movements():
    print(f"  {movement['id']}: {movement['state']} in {movement['territory_name']}")
print("officers have", len(list(node.work())), "cases")

# %% Track: what was seen, and the signed dossier for anybody to check
print("seen:", len(node.track(declared["id"])["lines"]), "lines")
dossier = node.dossier(declared["id"])
print("the dossier has", len(dossier), "bytes; kervan verify checks it offline")
assert node.post("/api/verify", dossier)["verified"] is True

# %% What the stream has told meanwhile, and what has not changed is not sent again
assert declared["id"] in [one["id"] for one in node.consignments()]
assert node.consignment(declared["id"]) == node.consignment(declared["id"])
while not changes:
    threading.Event().wait(0.05)
assert changes[0].topic == "consignment" and changes[0].data["id"] == declared["id"]
print("done")
