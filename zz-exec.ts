import { readFileSync } from "node:fs";
import { sessionCookie } from "./e2e/support/actions.ts";
import { world } from "./e2e/support/world.ts";
const w = world(); const f = JSON.parse(readFileSync("/tmp/U-shots/facts.json","utf8"));
const cookie = await sessionCookie(f.b);
const r = await fetch(`${w.address}/api/v1/privacy/requests/${f.run}/execute`, { method: "POST", headers: { cookie, origin: w.address, "content-type": "application/json" }, body: "{}" });
console.log(r.status, await r.text());
