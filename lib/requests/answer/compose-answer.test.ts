import { describe, expect, test } from "vitest";
import { regimes } from "../../request-law/regimes.ts";
import { pdfText } from "../../testing/packages.ts";
import { type Controller, unnamedController } from "../controller.ts";
import { letterHtml } from "../package/letter/letter-html.ts";
import { letterPdf } from "../package/letter/letter-pdf.ts";
import type { AnswerFacts } from "./answer-facts.ts";
import { composeAnswer } from "./compose-answer.ts";

const controller: Controller = {
  ...unnamedController,
  name: "Klinik Übersee GmbH",
  address: "Am Deich 1, 28199 Bremen",
  contact: "datenschutz@klinik.example",
  authority: "LfDI Bremen, Arndtstraße 1",
  courtWording: "Verwaltungsgericht Bremen",
  policies: {
    phi: { basis: "contract", purposes: ["treatment"], floorLaw: "§ 630f BGB", retentionWords: "ten years" },
  },
};
const writtenAt = new Date("2026-03-20T08:00:00Z");
const part = (policy: string, ground: string | null = null) => ({
  ...{ target: "eu", policy, ground },
  decision: ground === null ? ("grant" as const) : ("refuse" as const),
});
const kept = {
  ...{ target: "eu", policy: "phi", what: "key" as const, ground: "floor" as const },
  ...{ holds: [], until: "2031-05-04T22:30:00.000Z", events: null },
};
const facts = (more: Partial<AnswerFacts> = {}): AnswerFacts => ({
  ...{
    kind: "erasure",
    waiting: false,
    regime: "eu",
    language: "en",
    number: 12,
    timeZone: "Europe/Berlin",
    writtenAt,
  },
  ...{ receivedAt: new Date("2026-03-01T23:30:00Z"), person: { name: "Jörg <Groß>", contact: "Straße 5" } },
  ...{ controller, ground: null, parts: [part("standard")], redacted: [], remains: [], earlier: [] },
  erased: [{ target: "eu", policy: "standard", destroyedAt: "2026-03-10T10:00:00.000Z" }],
  backupsUntil: "2026-04-09T10:00:00.000Z",
  ...more,
});
const partly = facts({
  parts: [part("standard"), part("marketing", "eu_17_3_a"), part("phi")],
  redacted: [{ target: "us", events: 1_200 }],
  remains: [kept, { ...kept, policy: "claims", ground: "hold", holds: [7], until: null }],
});
const textOf = (more: AnswerFacts) =>
  letterHtml(composeAnswer(more))
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, " ");

const said = {
  en: [
    "Your request no. 12 of 2 March 2026 for erasure of your personal data (Art. 17 GDPR)",
    "Dear Jörg <Groß>,",
    "We grant your request in part.",
    "marketing (eu): This part is kept because processing it is necessary for exercising the right of freedom of expression",
    "standard (eu): erased on 10 March 2026.",
    "us: 1,200 records named you in plain text.",
    "none of them can be used after 9 April 2026",
    "phi (eu), until 5 May 2031: This part is kept because a law obliges us to keep it",
    "§ 630f BGB",
    "claims (eu): This part is kept because it is necessary for the establishment, exercise or defence of legal claims (Art. 17(3)(e) GDPR)",
    "right to lodge a complaint with a supervisory authority (Art. 77 GDPR) (LfDI Bremen, Arndtstraße 1) and the right to an effective judicial remedy (Art. 79 GDPR)",
    "Verwaltungsgericht Bremen",
    "Yours sincerely",
  ],
  de: [
    "Ihr Antrag Nr. 12 vom 2. März 2026 auf Löschung Ihrer personenbezogenen Daten (Art. 17 DSGVO)",
    "Guten Tag Jörg <Groß>",
    "Wir entsprechen Ihrem Antrag zum Teil.",
    "marketing (eu): Dieser Teil bleibt gespeichert",
    "standard (eu): gelöscht am 10. März 2026.",
    "us: 1.200 Einträge nannten Sie im Klartext.",
    "phi (eu), bis 5. Mai 2031:",
    "Recht auf Beschwerde bei einer Aufsichtsbehörde (Art. 77 DSGVO) (LfDI Bremen, Arndtstraße 1) und das Recht auf einen wirksamen gerichtlichen Rechtsbehelf (Art. 79 DSGVO)",
    "Verwaltungsgericht Bremen",
  ],
};

describe.each(["en", "de"] as const)("an erasure in part in %s", (language) => {
  const answer = { ...partly, language };

  test("as HTML tells what is gone, what is kept and why, and where to complain", () => {
    for (const each of said[language]) expect(textOf(answer)).toContain(each);
    expect(letterHtml(composeAnswer(answer))).not.toContain("<Groß>");
  });

  test("as PDF tells the same", async () => {
    const pdf = await letterPdf(composeAnswer(answer), writtenAt);
    const text = (await pdfText(pdf)).replace(/\s+/g, " ");
    for (const each of said[language]) expect(text).toContain(each);
    expect(pdf.toString("latin1")).toContain(`/Lang (${language})`);
  });
});

const waits = {
  en: {
    said: ["cannot carry it out yet", "Your request cannot be carried out yet.", "Nothing yet"],
    law: { eu: "(Art. 17(3)(e) GDPR)", uk: "(Art. 17(3)(e) UK GDPR)", california: "§ 1798.145(a)(1)" },
  },
  de: {
    said: ["können ihn noch nicht ausführen", "Ihr Antrag kann noch nicht ausgeführt werden.", "Noch nichts"],
    law: { eu: "(Art. 17 Abs. 3 lit. e DSGVO)", uk: "UK-DSGVO)", california: "§ 1798.145(a)(1)" },
  },
} as const;

describe.each(regimes)("an erasure that a hold keeps from beginning, under the law of %s", (regime) => {
  test.each(["en", "de"] as const)("tells why it waits and where to complain, in %s", (language) => {
    const remains = [{ ...kept, ground: "hold" as const, holds: [7], until: null }];
    const held = { waiting: true, erased: [], backupsUntil: null, remains };
    const text = textOf(facts({ ...held, regime, language }));
    for (const each of [...waits[language].said, waits[language].law[regime]]) expect(text).toContain(each);
    expect(text).toMatch(
      { eu: /Art\. 77/, uk: /Information Commissioner/, california: /Attorney General/ }[regime],
    );
  });
});

test("a refusal of the whole tells its ground and nothing of an erasure", () => {
  const text = textOf(
    facts({ kind: "access", ground: "eu_11_2", parts: [], erased: [], backupsUntil: null }),
  );
  for (const each of [
    "Art. 15 GDPR",
    "We do not grant your request.",
    "Art. 11(2) GDPR",
    "Art. 77",
    "Art. 79",
  ])
    expect(text).toContain(each);
  expect(text).not.toContain("erased");
  expect(textOf(facts({ parts: [part("phi", "eu_17_3_b")], erased: [], backupsUntil: null }))).toContain(
    "phi (eu): This part is kept because a law obliges us",
  );
});

test("of somebody of whom nothing was there the letter makes nothing up", () => {
  const none = facts({ erased: [], backupsUntil: null });
  expect(textOf(none)).toContain("We hold no data about you");
  expect(textOf({ ...none, remains: [kept] })).toContain("Nothing yet");
  expect(textOf({ ...none, earlier: [3] })).toContain("erased before, by your request no. 3");
});

test("whose law it is decides to whom one complains; without a controller nobody is named", () => {
  expect(textOf(facts({ regime: "uk" }))).toContain("Information Commissioner (Art. 77 UK GDPR)");
  expect(textOf(facts({ regime: "california" }))).toContain("(CCPA)");
  const unnamed = textOf(facts({ controller: unnamedController }));
  expect(unnamed).toContain("a supervisory authority (Art. 77 GDPR) and the right");
  expect(unnamed).not.toContain("You may also go to court");
});
