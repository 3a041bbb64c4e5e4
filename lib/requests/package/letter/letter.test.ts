import { describe, expect, test } from "vitest";
import { regimes } from "../../../request-law/regimes.ts";
import { pdfText } from "../../../testing/packages.ts";
import { type Controller, unnamedController } from "../../controller.ts";
import { composeLetter } from "./compose-letter.ts";
import type { LetterFacts } from "./letter.ts";
import { missingSign } from "./letter-fonts.ts";
import { letterHtml } from "./letter-html.ts";
import { letterPdf } from "./letter-pdf.ts";
import { fill, letterTexts } from "./letter-texts.ts";

const controller: Controller = {
  ...unnamedController,
  name: "Klinik Übersee GmbH",
  address: "Am Deich 1, 28199 Bremen",
  contact: "datenschutz@klinik.example",
  dpoContact: "dpo@klinik.example",
  authority: "LfDI Bremen, Arndtstraße 1",
  courtWording: "Verwaltungsgericht Bremen",
  policies: {
    standard: {
      basis: "contract",
      purposes: ["treatment", "billing"],
      floorLaw: "§ 147 AO",
      retentionWords: "seven years",
    },
  },
  recipients: ["Labor Weiß OHG", "Cloud & Söhne <AG>"],
  sources: ["the referring doctor"],
  transfers: ["Canada, adequacy decision"],
};

const facts = (more: Partial<LetterFacts> = {}): LetterFacts => ({
  kind: "access",
  regime: "eu",
  language: "en",
  number: 12,
  receivedAt: new Date("2026-03-01T23:30:00Z"),
  writtenAt: new Date("2026-03-20T08:00:00Z"),
  timeZone: "Europe/Berlin",
  person: { name: "Jörg Groß", contact: "Straße 5" },
  controller,
  found: {
    events: 12_345,
    fields: ["email", "id"],
    counts: [
      {
        target: "eu",
        policy: "standard",
        role: "actor",
        events: 12_345,
        oldest: "2025-01-02T03:04:05.000000Z",
        newest: "2026-02-03T04:05:06.000000Z",
      },
    ],
  },
  refused: [{ target: "eu", policy: "phi", ground: "Others' rights (Art. 15(4) GDPR)." }],
  policies: [{ name: "standard", legalBasis: "law", floorDays: 10, ceilingDays: 20 }],
  revealed: 2,
  ...more,
});

/** What both letters must say, whatever the words: Art. 15(1)(a) to (h), the decision, who they are from. */
const said = {
  en: [
    "Art. 15(1)(a)",
    "treatment; billing",
    "a contract with you",
    "Art. 15(1)(b)",
    "your e-mail address",
    "Art. 15(1)(c)",
    "Labor Weiß OHG",
    "Canada",
    "Art. 15(1)(d)",
    "seven years",
    "§ 147 AO",
    "Art. 15(1)(e)",
    "Art. 21",
    "Art. 15(1)(f)",
    "LfDI Bremen",
    "Verwaltungsgericht",
    "judicial remedy",
    "Art. 15(1)(g)",
    "the referring doctor",
    "Art. 15(1)(h)",
    "Others' rights",
    "C-579/21",
    "against theirs: 2.",
    "Dear Jörg Groß",
    "2 March 2026",
    "12,345 records",
    "dpo@klinik.example",
  ],
  de: [
    "Art. 15 Abs. 1 lit. a",
    "ein Vertrag mit Ihnen",
    "Ihre E-Mail-Adresse",
    "Empfängern",
    "Labor Weiß OHG",
    "Drittländer",
    "Aufsichtsbehörde",
    "gerichtlicher Rechtsbehelf",
    "Art. 15 Abs. 1 lit. h",
    "Guten Tag Jörg Groß",
    "2. März 2026",
    "12.345 Einträge",
    "Grüßen",
    "Klinik Übersee GmbH",
  ],
};

describe.each(["en", "de"] as const)("a letter in %s", (language) => {
  const letter = composeLetter(facts({ language }));

  test("as HTML says everything, in its language, with nothing of it taken for markup", () => {
    const html = letterHtml(letter);
    const text = html
      .replace(/<[^>]*>/g, "")
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
    for (const each of said[language]) expect(text).toContain(each);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).not.toContain("<AG>");
    expect(text).toContain("Cloud & Söhne <AG>");
  });

  test("as PDF says the same, umlauts among it", async () => {
    const pdf = await letterPdf(letter, new Date("2026-03-20T08:00:00Z"));
    const text = (await pdfText(pdf)).replace(/\s+/g, " ");
    for (const each of said[language]) expect(text).toContain(each);
    expect(pdf.toString("latin1")).toContain(`/Lang (${language})`);
  });
});

test("where nothing was found or refused the letter says that, and makes nothing up", () => {
  const found = { events: 0, counts: [], fields: [] };
  const letter = composeLetter(facts({ found, refused: [] }));
  const text = letter.sections.flatMap(({ heading, paragraphs }) => [heading, ...paragraphs]).join(" ");
  expect(text).toContain("We hold no data about you");
  expect(text).not.toContain("Art. 15(1)(a)");
  expect(text).toContain("Art. 15(1)(f)");
});

test.each(["en", "de"] as const)("data that are not handed out are not denied, in %s", (language) => {
  const none = { events: 0, counts: [], fields: [] };
  const refused = [{ target: "eu", policy: "phi", ground: null }];
  const [decided] = composeLetter(facts({ kind: "portability", language, found: none, refused })).sections;
  const { nothing, partly, none: empty } = letterTexts(language).decision;
  expect(decided?.paragraphs).toEqual([empty]);
  expect([nothing, partly]).not.toContain(empty);
  expect(decided?.items?.join()).toContain("phi (eu)");
});

test.each(["en", "de"] as const)(
  "of a controller whom nobody described nothing is claimed, in %s",
  (language) => {
    const { recipients, automated } = letterTexts(language);
    const text = (of: Controller) =>
      composeLetter(facts({ language, controller: of })).sections.flatMap(({ paragraphs }) => paragraphs);
    expect(text(unnamedController)).toEqual(expect.arrayContaining([recipients.unsaid, automated.unsaid]));
    for (const claim of [recipients.none, automated.none]) {
      expect(text(unnamedController)).not.toContain(claim);
      expect(text({ ...controller, recipients: [] })).toContain(claim);
    }
  },
);

const textOf = (more: Partial<LetterFacts>) =>
  letterHtml(composeLetter(facts(more)))
    .replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, " ")
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

/** Of no other law is anything said: what is cited, which rights there are, to whom one complains. */
const byLaw = {
  eu: {
    en: ["Art. 15 GDPR", "Art. 21 GDPR", "supervisory authority"],
    de: ["Art. 15 DSGVO", "Aufsichtsbehörde"],
  },
  uk: {
    en: ["Art. 15 UK GDPR", "Art. 15(1)(a) UK GDPR", "Art. 21 UK GDPR", "Information Commissioner"],
    de: [
      "Art. 15 UK-DSGVO",
      "Art. 15 Abs. 1 lit. a UK-DSGVO",
      "Art. 21 UK-DSGVO",
      "Information Commissioner",
    ],
  },
  california: {
    en: ["(CCPA)", "§ 1798.110(a)(3)", "to opt out of the sale", "Attorney General of California"],
    de: ["(CCPA)", "§ 1798.110(a)(3)", "dem Verkauf", "Attorney General von Kalifornien"],
  },
} as const;

describe.each(regimes)("under the law of %s", (regime) => {
  test.each(["en", "de"] as const)("the letter cites that law alone, in %s", (language) => {
    for (const kind of ["access", "portability"] as const) {
      const text = textOf({ kind, regime, language, refused: [] });
      const [request, ...rest] = byLaw[regime][language];
      for (const each of kind === "access" ? [request, ...rest] : rest) expect(text).toContain(each);
      if (regime !== "eu") expect(text).not.toMatch(/(?<!UK.)(GDPR|DSGVO)|C-579\/21/);
      if (regime === "california") expect(text).not.toMatch(/Art\. |UK/);
      expect(text).not.toContain("()");
    }
  });
});

test("portability tells what its law does not cover", () => {
  const refused = [{ target: "eu", policy: "phi", ground: null }];
  const letter = composeLetter(facts({ kind: "portability", refused }));
  expect(letter.sections[0]?.items?.join()).toContain("Art. 20(1)");
  expect(letter.subject).toContain("Art. 20 GDPR");
});

test("the languages have the same texts with the same places in them", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "string"
      ? [...value.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
      : Array.isArray(value)
        ? value.map(shape)
        : Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, shape(each)]));
  expect(shape(letterTexts("de"))).toEqual(shape(letterTexts("en")));
  expect(letterTexts("fr")).toBe(letterTexts("en"));
  expect(() => fill("{gone}", {})).toThrow("{gone}");
});

test("names in Latin, Greek and Cyrillic letters are written as they are, and so in a small file", async () => {
  const name = "Łukasz Żółć";
  const contact = "Čapek Ğüneş Őry\nNguyễn Văn Đệ\nΕλένη Παπαδοπούλου\nИван Їжак";
  const pdf = await letterPdf(
    composeLetter(facts({ person: { name, contact } })),
    new Date("2026-03-20T08:00:00Z"),
  );
  const text = await pdfText(pdf);
  expect(text).toContain(`${name}\n${contact}\n`);
  expect(text).not.toContain(missingSign);
  expect(pdf.length).toBeLessThan(60_000);
});

test("signs that the fonts lack are seen to be missing, and the letter says where they stand", async () => {
  const letter = composeLetter(facts({ person: { name: "李小龍 🙂", contact: null } }));
  const text = (await pdfText(await letterPdf(letter, new Date("2026-03-20T08:00:00Z")))).replace(
    /\s+/g,
    " ",
  );
  expect(text).toContain(`Dear ${missingSign.repeat(3)} ${missingSign},`);
  expect(text).toContain(letter.missing);
  expect(letterHtml(letter)).toContain("Dear 李小龍 🙂,");
});
