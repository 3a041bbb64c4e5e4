import { createServer, type Socket } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { attemptOf, messageOf, type Receiver, startReceiver } from "../../testing/messages.ts";
import { asDeliveryFailure } from "./delivery-failure.ts";
import { createReach, type LookupAll } from "./reach.ts";
import { retryAfter } from "./request.ts";
import { sendPagerduty } from "./send-pagerduty.ts";
import { sendSlack, slackBody } from "./send-slack.ts";
import { sendTeams, type teamsBody } from "./send-teams.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { Attempt } from "./sender.ts";

let receiver: Receiver;
const key = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const keyBefore = `whsec_${Buffer.alloc(32, 2).toString("base64")}`;

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer((_request, response) => response.end("ok"));
});

const hook = (given: Partial<Attempt> = {}) =>
  attemptOf({ config: { url: `${receiver.url}/hook` }, secret: { key }, ...given });
const failure = async (sending: Promise<unknown>) => {
  const thrown = await sending.then(
    () => null,
    (error: unknown) => error,
  );
  const failed = asDeliveryFailure(thrown);
  if (!failed) throw new Error("it was taken");
  return { words: failed.message, ...failed.facts };
};
const verify = (secret: string, one = receiver.received[0]) =>
  new Webhook(secret).verify(one?.body ?? "", one?.headers as Record<string, string>);

describe("a webhook", () => {
  test("is signed by Standard Webhooks; each attempt has one id and one body, and a time of its own", async () => {
    const attempt = hook({ at: new Date() });
    expect(await sendWebhook(attempt)).toEqual({ answer: "200: ok" });
    await sendWebhook({ ...attempt, at: new Date(attempt.at.getTime() + 5_000) });
    const [first, second] = receiver.received;
    expect(first).toMatchObject({ method: "POST", path: "/hook" });
    expect(verify(key)).toMatchObject({
      type: "incident.fired",
      data: { incident: { number: 12 }, value: "12 min, limit 5 min" },
    });
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
    expect(() => verify(keyBefore)).toThrow("No matching signature");
  });

  test("is signed with both keys while one replaces the other, and with the new one alone after", async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    await sendWebhook(hook({ secret: { key, keyBefore: { key: keyBefore, until } } }));
    expect([verify(key), verify(keyBefore)]).toEqual([expect.anything(), expect.anything()]);
    receiver.received.length = 0;
    const past = new Date(Date.now() - 1).toISOString();
    await sendWebhook(hook({ secret: { key, keyBefore: { key: keyBefore, until: past } } }));
    expect(() => verify(keyBefore)).toThrow("No matching signature");
  });
});

describe("an answer that is no 2xx", () => {
  test("410 says that nothing is wanted any more", async () => {
    receiver.answer(410);
    expect(await failure(sendWebhook(hook()))).toEqual({
      words: "127.0.0.1 answered 410: answered 410",
      again: "channel",
      status: 410,
      gone: true,
    });
  });

  test("429 says when to come again, in seconds or as a date", async () => {
    receiver.answer((_request, response) => response.writeHead(429, { "retry-after": "120" }).end());
    expect(await failure(sendWebhook(hook()))).toMatchObject({ retryAfterMs: 120_000 });
    const now = Date.parse("2026-11-27T18:00:00Z");
    expect(retryAfter("Fri, 27 Nov 2026 18:05:00 GMT", now)).toBe(300_000);
    expect(["soon", "-5", "0", undefined].map((header) => retryAfter(header, now))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test("a redirect is not followed", async () => {
    receiver.answer((_request, response) =>
      response.writeHead(302, { location: `${receiver.url}/other` }).end(),
    );
    expect((await failure(sendWebhook(hook()))).words).toBe(
      "127.0.0.1 answered 302, a redirect, which is not followed",
    );
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  test("an answer without an end is read no further than its bound, and told without the secret that it repeats", async () => {
    const url = `${receiver.url}/services/T0/B0/very-secret-path`;
    receiver.answer((request, response) => {
      response.writeHead(500);
      response.write(`no ${request.path} for ${url}\n\u0007`);
      const more = setInterval(() => response.write("x".repeat(64_000)), 1);
      response.once("close", () => clearInterval(more));
    });
    const told = await failure(sendSlack(attemptOf({ secret: { url } })));
    expect(told.words).toMatch(/^127\.0\.0\.1 answered 500: no \*\*\* for \*\*\* x+…$/);
    expect(told.words.length).toBeLessThan(350);
    expect(told.maybeArrived).toBe(true);
  });
});

describe("a destination", () => {
  test("that is private or without TLS is refused before anything is sent", async () => {
    const strict = { ...attemptOf().transport, reach: createReach([]) };
    expect((await failure(sendWebhook(hook({ transport: strict })))).words).toMatch(
      /^127\.0\.0\.1 leads to a private or reserved address/,
    );
    const plain = hook({ config: { url: "http://example.test/hook" }, transport: strict });
    expect((await failure(sendWebhook(plain))).words).toMatch(/^example\.test would be sent to without TLS/);
    for (const host of ["2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0"]) {
      const disguised = hook({ config: { url: `https://${host}/` }, transport: strict });
      expect([host, (await failure(sendWebhook(disguised))).words]).toEqual([
        host,
        expect.stringMatching(/private or reserved/),
      ]);
    }
    expect(receiver.received).toEqual([]);
  });

  test("whose name leads elsewhere from one moment to the next is judged by the address that is connected to", async () => {
    const answers = [["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1", "169.254.169.254"]];
    const seen: string[] = [];
    const rebinding: LookupAll = (host, _options, done) => {
      seen.push(host);
      done(
        null,
        (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      );
    };
    const reach = createReach(["127.0.0.0/8"], rebinding);
    const { port } = new URL(receiver.url);
    const attempt = hook({
      config: { url: `http://rebound.test:${port}/hook` },
      transport: { ...attemptOf().transport, reach },
    });
    expect(await sendWebhook(attempt)).toEqual({ answer: "200: ok" });
    expect((await failure(sendWebhook(attempt))).words).toMatch(
      /^rebound\.test leads to a private or reserved/,
    );
    expect(await sendWebhook(attempt)).toEqual({ answer: "200: ok" });
    // One lookup for each: nobody asks a second time after it was judged.
    expect(seen).toEqual(["rebound.test", "rebound.test", "rebound.test"]);
    expect(receiver.received).toHaveLength(2);
  });

  test("a name allowed for its network alone is not sent to in plain text elsewhere", async () => {
    const outside: LookupAll = (_host, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
    const reach = { ...createReach(["10.0.0.0/8", "named.test"], outside) };
    const loose = { ...reach, lookup: createReach(["127.0.0.1"], outside).lookup };
    const { port } = new URL(receiver.url);
    const attempt = (host: string) =>
      hook({
        config: { url: `http://${host}:${port}/hook` },
        transport: { ...attemptOf().transport, reach: loose },
      });
    expect((await failure(sendWebhook(attempt("other.test")))).words).toMatch(/without TLS/);
    expect(receiver.received).toEqual([]);
    expect(await sendWebhook(attempt("named.test"))).toEqual({ answer: "200: ok" });
  });

  test("that takes the connection and never answers is left after its time: it may have arrived", async () => {
    const open: Socket[] = [];
    const silent = createServer((socket) => open.push(socket));
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as { port: number };
    const transport = { ...attemptOf().transport, timeoutMs: 200 };
    const told = await failure(sendWebhook(hook({ config: { url: `http://127.0.0.1:${port}` }, transport })));
    expect(told).toEqual({ words: "127.0.0.1: no answer in time.", again: "channel", maybeArrived: true });
    for (const socket of open) socket.destroy();
    await new Promise((done) => silent.close(done));
    const refused = await failure(sendWebhook(hook({ config: { url: `http://127.0.0.1:${port}` } })));
    expect(refused).toEqual({ words: "127.0.0.1: connection refused.", again: "channel" });
  });
});

const nasty = messageOf({
  title: "<!channel> & *bold* `code` [x](https://evil.test) {{DATE(2026-01-01T00:00:00Z)}}",
  detail: "<https://evil.test|click>",
});

test("Slack: mentions, links and marks in what is told stay text", async () => {
  await sendSlack(attemptOf({ message: nasty, secret: { url: `${receiver.url}/services/x` } }));
  const sent = JSON.parse(receiver.received[0]?.body ?? "") as ReturnType<typeof slackBody>;
  const text = sent.blocks[0]?.text.text ?? "";
  expect(text).toContain("&lt;!channel&gt; &amp; ");
  expect(text).toContain("&lt;https://evil.test|click&gt;");
  expect(text).not.toMatch(/<(?!https:\/\/console\.test\/audit\/alerts\/12\|)/);
  expect(text).not.toContain(" *bold* ");
  expect(text.replaceAll("\u2060", "")).toContain(
    "*Database:* audit\n*Objects:* public.a, public.b and 3 more\n*Value:* 12 min, limit 5 min\n*Since:* 27 Nov 2026 18:00:00 UTC",
  );
  expect(slackBody(messageOf({ detail: "x".repeat(9_000) })).blocks[0]?.text.text.length).toBe(3_000);
});

test("Teams: an Adaptive Card whose texts are runs, in which nothing is marked up", async () => {
  receiver.answer(202);
  await sendTeams(attemptOf({ message: nasty, secret: { url: `${receiver.url}/workflows/x` } }));
  const sent = JSON.parse(receiver.received[0]?.body ?? "") as ReturnType<typeof teamsBody>;
  const [card] = sent.attachments;
  expect([sent.type, card?.contentType, card?.content.type, card?.content.version]).toEqual([
    "message",
    "application/vnd.microsoft.card.adaptive",
    "AdaptiveCard",
    "1.4",
  ]);
  expect(card?.content.body.map(({ type }) => type)).toEqual(Array(6).fill("RichTextBlock"));
  expect(card?.content.body[0]?.inlines[0]).toMatchObject({
    text: `Critical · Firing: ${nasty.title}`,
    color: "Attention",
  });
  expect(card?.content.actions).toEqual([
    { type: "Action.OpenUrl", title: "Open the incident", url: "https://console.test/audit/alerts/12" },
  ]);
});

describe("PagerDuty", () => {
  const routingKey = "R".repeat(32);
  const pager = (kind: Parameters<typeof messageOf>[0]) =>
    attemptOf({ message: messageOf(kind), config: { baseUrl: receiver.url }, secret: { routingKey } });
  const bodies = () => receiver.received.map(({ path, body }) => ({ path, ...JSON.parse(body) }));

  test("an incident is triggered, acknowledged and resolved under one dedup key", async () => {
    receiver.answer(202);
    for (const kind of ["fired", "rose", "acknowledged", "resolved"] as const)
      await sendPagerduty(pager({ kind }));
    expect(
      bodies().map(({ path, event_action, dedup_key, routing_key }) => [
        path,
        event_action,
        dedup_key,
        routing_key,
      ]),
    ).toEqual(
      ["trigger", "trigger", "acknowledge", "resolve"].map((action) => [
        "/v2/enqueue",
        action,
        "audit-db-0192",
        routingKey,
      ]),
    );
    expect(bodies()[0]).toMatchObject({
      client_url: "https://console.test/audit/alerts/12",
      payload: {
        summary: "Critical · Firing: Idle in transaction",
        source: "audit",
        severity: "critical",
        timestamp: "2026-11-27T18:00:00.000Z",
        class: "connections.idle_in_transaction",
      },
    });
  });

  test("a test is resolved at once; what it calls invalid is not tried again", async () => {
    await sendPagerduty(pager({ kind: "test", incident: null }));
    expect(bodies().map(({ event_action }) => event_action)).toEqual(["trigger", "resolve"]);
    receiver.answer((_request, response) => response.writeHead(400).end(`invalid key ${routingKey}`));
    expect(await failure(sendPagerduty(pager({})))).toEqual({
      words: "127.0.0.1 answered 400: invalid key ***",
      again: "never",
      status: 400,
    });
  });
});
