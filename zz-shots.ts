import { chromium, type Page } from "@playwright/test";
import { readFileSync, mkdirSync } from "node:fs";
const w = JSON.parse(process.env.E2E_WORLD!);
const f = JSON.parse(readFileSync("/tmp/U-shots/facts.json", "utf8"));
const only = process.argv.slice(2);
type Shot = { path: string; who?: "a" | "b" | "admin"; act?: (page: Page) => Promise<void> };
const req = (n: number) => `/audit/privacy/requests/${n}?refresh=off`;
const more = (item: string) => async (page: Page) => {
  await page.getByRole("article").getByRole("button", { name: "More" }).click({ timeout: 5000 });
  await page.getByRole("menuitem", { name: item }).click();
  await page.waitForTimeout(400);
};
const button = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
  await page.waitForTimeout(500);
};
export const shots: Record<string, Shot> = {
  controller: { path: "/settings/requests", act: async (p) => { await button("For an organisation")(p); await p.getByRole("button", { name: "Describe a policy" }).click(); await p.getByLabel("Organisation", {exact:true}).fill("acme"); await p.getByLabel("Name", {exact:true}).fill("Acme"); await p.getByRole("button", { name: "Save controller" }).click(); await p.waitForTimeout(800);} },
  controller_top: { path: "/settings/requests", act: button("For an organisation") },
  source: { path: "/settings/requests", act: button("Add a source") },
  extend: { path: req(f.decide), act: more("Extend once") },
  refuse: { path: req(f.decide), act: more("Refuse as a whole") },
  decide: { path: req(f.decide), who: "b", act: async (p) => { await button("Decide")(p); await p.locator('[data-part="standard on audit"]').getByRole("button", { name: "Refuse" }).click(); } },
  decide_portable: { path: req(f.portable), who: "b", act: button("Decide") },
  law: { path: req(f.decide), act: button(/and what it allows/) },
  reveal: { path: req(f.access), act: async (p) => { await more("Show others in events")(p); await p.getByLabel("Ids of the events").fill("nonsense"); await p.getByLabel("Why").fill("because of this"); await p.getByRole("button", { name: "Show others" }).click(); } },
  execute: { path: req(f.run), who: "b", act: button(/^Carry out/) },
  pending: { path: req(f.decide) },
  running: { path: req(f.run), who: "b" },
  fresh: { path: req(f.fresh) },
  access: { path: req(f.access), who: "b" },
  scopesheet: { path: req(f.decide), act: async (p) => { await p.locator("#scope tbody tr").first().click(); await p.waitForTimeout(500);} },
  palette: { path: req(f.decide), act: async (p) => { await p.keyboard.press("Control+k"); await p.waitForTimeout(600); await p.keyboard.type("request"); await p.waitForTimeout(300);} },
  nowhere: { path: "/nowhere/partitions" },
  calendar: { path: "/audit/privacy/requests?view=calendar" },
  board: { path: "/audit/privacy/requests" },
  list: { path: "/audit/privacy/requests?view=list" },
  slack: { path: "/audit/alerts/channels", who: "admin", act: kind("Slack") },
  teams: { path: "/audit/alerts/channels", who: "admin", act: kind("Teams") },
  pagerduty: { path: "/audit/alerts/channels", who: "admin", act: kind("PagerDuty") },
  unconfirmed: { path: "/foreign/alerts/7", who: "admin" },
  hushed: { path: "/foreign/alerts/2", who: "admin" },
  certificate: { path: req(f.closed ?? 1), who: "b" },
  executing: { path: req(f.run), who: "b" },
  blocked: { path: req(f.blocked ?? f.run), who: "b" },
  failed: { path: req(f.failed ?? f.run), who: "b" },
  link: { path: req(f.ready ?? f.run), who: "b", act: async (p) => { await button("Make the download link")(p); await p.getByRole("button", { name: "Make the link" }).click(); await p.waitForTimeout(700); const d = p.getByRole("dialog").filter({ hasText: "password" }); if (await d.count()) { await p.locator("input[type=password]").fill(f.b.password); await d.getByRole("button").last().click(); } await p.waitForTimeout(1500); } },
  alerts: { path: "/audit/alerts", who: "admin" },
};
function kind(name: string) {
  return async (p: Page) => {
    await button(/New channel/)(p);
    const d = p.getByRole("dialog");
    await d.getByRole("button", { name: /^Kind/ }).click();
    await p.getByRole("menuitemradio", { name: new RegExp(name) }).click();
    await d.getByLabel("Name", { exact: true }).fill("on-call");
    await d.getByRole("button", { name: "Make channel" }).click();
    await p.waitForTimeout(900);
  };
}
const people = { a: f.a, b: f.b, admin: w.people.admin };
mkdirSync("/tmp/U-shots/out", { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const states: Record<string, any> = {};
for (const [name, person] of Object.entries(people)) {
  const c = await browser.newContext({ baseURL: w.address });
  const { csrfToken } = await (await c.request.get("/api/auth/csrf")).json();
  await c.request.post("/api/auth/callback/credentials", { form: { ...person, csrfToken, json: "true" } as any });
  states[name] = await c.storageState();
  await c.close();
}
for (const [name, shot] of Object.entries(shots)) {
  if (only.length ? !only.includes(name) : false) continue;
  const files: string[] = [];
  for (const [form, width, height, scheme] of [["dl", 1440, 900, "light"], ["pl", 390, 844, "light"], ["dd", 1440, 900, "dark"], ["pd", 390, 844, "dark"]] as const) {
    const c = await browser.newContext({ baseURL: w.address, storageState: states[shot.who ?? "a"], viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce" }); c.setDefaultTimeout(6000);
    const page = await c.newPage();
    try {
      await page.goto(shot.path);
      await page.waitForLoadState("networkidle");
      await page.waitForTimeout(300);
      await shot.act?.(page);
    } catch (e) { console.log(name, form, String(e).slice(0, 300)); }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) console.log(name, form, "overflow", overflow);
    const file = `/tmp/U-shots/out/${name}-${form}.png`;
    await page.screenshot({ path: file });
    files.push(file);
    await c.close();
  }
  const img = (i: number) => `data:image/png;base64,${readFileSync(files[i]!).toString("base64")}`;
  const c = await browser.newContext({ viewport: { width: 1480, height: 900 } });
  const page = await c.newPage();
  await page.setContent(`<body style="margin:0;background:#888"><div style="display:flex;gap:8px;align-items:start"><img src="${img(0)}" style="width:1120px"><img src="${img(1)}" style="width:340px"></div><div style="display:flex;gap:8px;margin-top:8px;align-items:start"><img src="${img(2)}" style="width:760px"><img src="${img(3)}" style="width:220px"></div></body>`);
  await page.screenshot({ path: `/tmp/U-shots/out/${name}.png`, fullPage: true });
  await c.close();
  console.log(name, "done");
}
await browser.close();
