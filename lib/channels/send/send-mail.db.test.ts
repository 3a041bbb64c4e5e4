import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";
import { type MailServer, startMailServer } from "../../testing/mail-server.ts";
import { attemptOf, messageOf } from "../../testing/messages.ts";
import { DeliveryFailure } from "./delivery-failure.ts";
import { createReach } from "./reach.ts";
import { sendMail } from "./send-mail.ts";
import type { Attempt } from "./sender.ts";

let certificates: Certificates;
let starttls: MailServer;
let tls: MailServer;
let bare: MailServer;
let ca: string;

beforeAll(async () => {
  certificates = makeCertificates();
  ca = readFileSync(certificates.root, "utf8");
  [starttls, tls, bare] = await Promise.all([
    startMailServer(certificates),
    startMailServer(certificates, { secure: true }),
    startMailServer(null),
  ]);
});
afterAll(async () => {
  await Promise.all([starttls?.close(), tls?.close(), bare?.close()]);
  certificates?.remove();
});

interface Given {
  port: number;
  security?: "starttls" | "tls" | "none";
  password?: string;
  user?: string | null;
  to?: string[];
}
const mail = (
  {
    port,
    security = "starttls",
    user = "audit",
    password = "very secret",
    to = ["on-call@example.test"],
  }: Given,
  more: Partial<Attempt> = {},
) =>
  attemptOf({
    config: { to, server: { host: "localhost", port, security, user, from: "audit@console.test" } },
    secret: { password },
    ...more,
    transport: { ...attemptOf().transport, ca, ...more.transport },
  });
const failure = (sending: Promise<unknown>) =>
  sending.then(
    () => "taken",
    (thrown) => (thrown instanceof DeliveryFailure ? { words: thrown.message, ...thrown.facts } : thrown),
  );

test("a mail goes over TLS, by STARTTLS or from the start, with sign-in; mails about one incident are one thread", async () => {
  const firing = mail({ port: starttls.port, to: ["on-call@example.test", "dba@example.test"] });
  expect(await sendMail(firing)).toEqual({ answer: expect.stringMatching(/^250 /) });
  const resolved = messageOf({ kind: "resolved", value: null, endedAt: "2026-11-27T18:30:00.000Z" });
  const second = "01900000-0000-7000-8000-000000000002";
  await sendMail(mail({ port: tls.port, security: "tls" }, { id: second, message: resolved }));
  const [sent] = starttls.mails;
  expect(sent).toMatchObject({
    from: "audit@console.test",
    to: ["on-call@example.test", "dba@example.test"],
    user: "audit",
    secure: true,
  });
  expect(sent?.text).toContain("Message-ID: <01900000-0000-7000-8000-000000000001@console.test>");
  expect(sent?.text).toContain("Auto-Submitted: auto-generated");
  expect(sent?.text.replaceAll("=\r\n", "")).toContain("https://console.test/audit/alerts/12");
  expect(tls.mails[0]).toMatchObject({ user: "audit", secure: true });
  const threads = [sent, tls.mails[0]].map((one) => /^References: (.*)$/m.exec(one?.text ?? "")?.[1]?.trim());
  expect(threads).toEqual(["<incident-0192@console.test>", "<incident-0192@console.test>"]);
});

test("what is told makes no header of its own", async () => {
  starttls.mails.length = 0;
  await sendMail(
    mail({ port: starttls.port }, { message: messageOf({ title: "a\r\nBcc: eve@example.test\r\n\r\nb" }) }),
  );
  const [sent] = starttls.mails;
  expect(sent?.to).toEqual(["on-call@example.test"]);
  expect(sent?.text.split("\r\n\r\n")[0]).not.toMatch(/^Bcc:/m);
});

test("a wrong password, a certificate nobody trusts, a server without TLS: said in words that hold no secret", async () => {
  expect(await failure(sendMail(mail({ port: starttls.port, password: "wrong secret" })))).toEqual({
    words: expect.stringMatching(/^localhost answered 535 .*no entry for audit with \*\*\*$/),
    again: "channel",
  });
  const strange = mail({ port: tls.port, security: "tls" });
  strange.transport.ca = readFileSync(certificates.stranger, "utf8");
  expect(await failure(sendMail(strange))).toMatchObject({
    words: expect.stringMatching(/^localhost: /),
    again: "channel",
  });
  expect(tls.mails).toHaveLength(1);
  expect(await failure(sendMail(mail({ port: bare.port })))).toMatchObject({ again: "channel" });
  expect(bare.mails).toEqual([]);
});

test("plain text goes where it is allowed, and the mail server of the environment counts as allowed", async () => {
  expect(await sendMail(mail({ port: bare.port, security: "none", user: null }))).toMatchObject({
    answer: expect.stringMatching(/^250/),
  });
  const strict = { ...attemptOf().transport, reach: createReach([]) };
  expect(
    await failure(sendMail(mail({ port: bare.port, security: "none" }, { transport: strict }))),
  ).toMatchObject({
    words: expect.stringMatching(/^localhost would be sent to without TLS/),
  });
  expect(await failure(sendMail(mail({ port: starttls.port }, { transport: strict })))).toMatchObject({
    words: expect.stringMatching(/^localhost leads to a private or reserved address/),
  });
  starttls.mails.length = 0;
  const ours = attemptOf({
    config: { to: ["on-call@example.test"], server: null },
    mail: {
      url: `smtp://audit:very%20secret@localhost:${starttls.port}`,
      from: "Console <audit@console.test>",
    },
    transport: { ...strict, ca },
  });
  await sendMail(ours);
  expect(starttls.mails[0]).toMatchObject({ from: "audit@console.test", user: "audit", secure: true });
  const none = attemptOf({ config: { to: ["a@example.test"], server: null } });
  expect(await failure(sendMail(none))).toMatchObject({
    words: expect.stringMatching(/^No mail server: set SMTP_URL/),
  });
});

test("a mail server that hangs is left after its time, wherever it hangs", async () => {
  const open: Socket[] = [];
  const silent = createServer((socket) => open.push(socket));
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const transport = { ...attemptOf().transport, timeoutMs: 300, ca };
  const { port } = silent.address() as { port: number };
  expect(await failure(sendMail(mail({ port }, { transport })))).toEqual({
    words: "localhost: no answer in time.",
    again: "channel",
    maybeArrived: true,
  });
  for (const socket of open) socket.destroy();
  await new Promise((done) => silent.close(done));
  const slow = await startMailServer(certificates, { onData: (stream) => stream.resume() });
  expect(await failure(sendMail(mail({ port: slow.port }, { transport })))).toMatchObject({
    words: "localhost: no answer in time.",
    maybeArrived: true,
  });
  await slow.close();
});
