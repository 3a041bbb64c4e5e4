import type { Page } from "@playwright/test";
import { passKeyMinute } from "../lib/testing/pass-key-minute.ts";
import { createToken } from "./support/api-token.ts";
import { textsInWeb } from "./support/heap-of-web.ts";
import { logEnd, logSince } from "./support/log-lines.ts";
import { openSession } from "./support/open-session.ts";
import { addPerson } from "./support/people.ts";
import { expect, test } from "./support/test.ts";
import { world } from "./support/world.ts";

test.describe.configure({ timeout: 240_000 });

const unique = Date.now().toString(36);
const person = {
  id: `fern-${unique}`,
  name: `Fern Forgotten ${unique}`,
  contact: `fern.${unique}@mail.example.test`,
  letter: `Nothing shall be left of ${unique}, says Fern`,
};
const officers = ["asks", "decides"].map((name) => ({
  email: `${name}-${unique}@example.test`,
  password: `correct-horse-${name}-7`,
  role: "privacy_officer" as const,
}));
const requests = "/api/v1/privacy/requests";

test("the web process that somebody's erasure went through holds nothing of theirs, and neither does what web and worker logged", async ({
  page,
  newPage,
  console,
  auditSql,
}) => {
  const [asks, decides] = officers as [(typeof officers)[0], (typeof officers)[0]];
  for (const officer of officers) await addPerson(console, officer);
  await auditSql`update retention_policy set floor_days = 0 where name = 'minimal'`;
  const waitAgain = await passKeyMinute(console.sql);
  const logged = logEnd();
  try {
    await append();
    await openSession(page, asks);
    const number = await takeIn(page);
    await page.getByRole("button", { name: "Show who asks" }).click();
    await expect(page.locator("[data-person]")).toContainText(person.name);
    await ask(page, `${number}/identity`, {
      method: "document_seen",
      result: "confirmed",
      note: person.name,
    });
    await ask(page, `${number}/scope`, {});
    await reached(page, number, "decision_pending");
    const other = await newPage();
    await openSession(other, decides);
    const part = { target: "audit", policy: "minimal", decision: "grant" };
    await ask(other, `${number}/decide`, { parts: [part], note: `as ${person.contact} asks` });
    await ask(other, `${number}/execute`, {});
    await reached(other, number, "responding");
    const { scan } = (await (await other.request.get(`${requests}/${number}`)).json()).data;
    const caches = scan.places.filter(({ kind }: { kind: string }) => kind === "cache");
    expect(caches.map(({ where }: { where: string }) => where).toSorted()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^this process \(\d+\), \d+ answers? forgotten, confirmed 20/),
        expect.stringMatching(/^web \d+ on .*, \d+ answers? forgotten, confirmed 20/),
      ]),
    );
    for (const form of ["pdf", "html"]) await ask(other, `${number}/letter`, { form });
    await ask(other, `${number}/response`, { channel: "email" });
    await ask(other, `${number}/close`, {});
    await page.goto("/audit/privacy");

    const known = "privacy_request";
    // What a socket read last stays in its buffer until it reads again; what is held stays for ever.
    await expect(async () => {
      await page.reload();
      const found = await textsInWeb([known, ...Object.values(person)]);
      expect([...found]).toEqual([known]);
    }).toPass({ timeout: 60_000 });
    await malformed(other, number);
    const lines = await logSince(logged);
    for (const text of Object.values(person)) expect(lines.filter((line) => line.includes(text))).toEqual([]);
  } finally {
    await auditSql`update retention_policy set floor_days = 90 where name = 'minimal'`;
    await waitAgain();
  }
});

/** An event of theirs, as an application hands it in. */
async function append(): Promise<void> {
  const token = await createToken(`e2e forgotten ${unique}`, { scope: "append" });
  const { id, name, contact: email } = person;
  const event = {
    organizationId: "forgotten",
    action: "record.viewed",
    status: "success",
    retentionPolicy: "minimal",
    actor: { id, name, email },
  };
  const response = await fetch(`${world().address}/api/v1/targets/audit/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ events: [event] }),
  });
  expect(response.status).toBe(200);
}

/** Takes the request in by the form. @returns its number */
async function takeIn(page: Page): Promise<number> {
  await page.goto("/audit/privacy/requests");
  await page.getByRole("button", { name: "Take in a request" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Take in a request" });
  await dialog.locator("label", { hasText: "Erasure" }).click();
  await dialog.getByRole("textbox", { name: "Identifier 1" }).fill(person.id);
  await dialog.getByLabel("Name", { exact: true }).fill(person.name);
  await dialog.getByLabel("Contact").fill(person.contact);
  await dialog.getByLabel("What they wrote").fill(person.letter);
  await dialog.getByRole("checkbox", { name: "audit" }).check();
  await dialog.getByRole("button", { name: "Take in request" }).click();
  await expect(page).toHaveURL(/\/privacy\/requests\/\d+$/);
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

async function ask(page: Page, door: string, data: object): Promise<void> {
  const answer = await page.request.post(`${requests}/${door}`, {
    data,
    headers: { origin: world().address },
  });
  expect([door, answer.status(), answer.ok() ? "" : await answer.text()]).toEqual([
    door,
    expect.any(Number),
    "",
  ]);
}

/** Bodies that no door takes, with the person in every place: refused, and without a word of theirs. */
async function malformed(page: Page, number: number): Promise<void> {
  const { id, name, contact, letter } = person;
  const bodies: [string, string][] = [
    [
      "",
      JSON.stringify({ kind: id, person: { identifiers: [{ kind: contact, value: id }], [name]: letter } }),
    ],
    ["", `{"kind": "erasure", "person": {"identifiers": [{"kind": "id", "value": "${id}"`],
    [
      "",
      JSON.stringify({ kind: "access", person: { identifiers: [{ kind: "id", value: { [id]: letter } }] } }),
    ],
    [`/${number}/identity`, JSON.stringify({ method: contact, result: name, note: [letter] })],
    [
      `/${number}/decide`,
      JSON.stringify({ parts: [{ target: id, policy: name, decision: contact }], note: { letter } }),
    ],
    [`/${number}/notes`, JSON.stringify({ text: { [name]: letter } })],
    [`/${number}/${id}`, JSON.stringify({ [id]: letter })],
    [`/${id}`, "[]"],
    ["/import", JSON.stringify({ csv: `kind;${contact}\n${name};${id}` })],
  ];
  for (const [door, data] of bodies) {
    const answer = await page.request.post(`${requests}${door}`, {
      data,
      headers: { origin: world().address, "content-type": "application/json" },
    });
    const said = await answer.text();
    expect([door, answer.status()]).toEqual([door, expect.any(Number)]);
    expect(answer.status()).toBeGreaterThanOrEqual(400);
    expect(answer.status()).toBeLessThan(500);
    for (const text of [name, contact, letter]) expect([door, said.includes(text)]).toEqual([door, false]);
  }
}

async function reached(page: Page, number: number, state: string): Promise<void> {
  const standing = async () => (await (await page.request.get(`${requests}/${number}`)).json()).data.state;
  await expect.poll(standing, { timeout: 60_000 }).toBe(state);
}
