import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { letterLanguages } from "./grounds/ground.ts";
import { findGround, groundsFor, keepingGrounds, refusalGrounds, tellRefusal } from "./grounds.ts";
import { requestKindNames } from "./kinds.ts";
import { lawTable, lawTableText } from "./law.ts";
import { regimes } from "./regimes.ts";

const withoutRegime = (id: string) => id.replace(/^(eu|uk|ca)_/, "");

describe.each(regimes)("grounds of %s", (regime) => {
  const grounds = refusalGrounds[regime];

  test("have ids of their own, and every kind can be refused in whole and in part", () => {
    expect(new Set(grounds.map(({ id }) => id)).size).toBe(grounds.length);
    for (const kind of requestKindNames) {
      expect(groundsFor(regime, kind, true).length).toBeGreaterThan(0);
      expect(groundsFor(regime, kind).some(({ whole }) => !whole)).toBe(true);
    }
  });

  test("each tells the person the law, where to complain, and of a court, in both languages", () => {
    for (const ground of grounds)
      for (const language of letterLanguages) {
        const words = tellRefusal(regime, ground, language, "Office of Data, Sample Street 1");
        expect(words).toMatch(language === "en" ? /complain/ : /beschwer/i);
        expect(words).toMatch(language === "en" ? /judicial remedy/ : /gerichtlich/);
        expect(words).toContain("Sample Street 1");
        expect(words).toMatch(/Art\. \d+|§ \d+|Schedules|Anhänge/);
      }
  });

  test("a floor and a hold have theirs", () => {
    for (const id of Object.values(keepingGrounds[regime]))
      expect(findGround(regime, id)?.kinds).toContain("erasure");
  });

  test("each stands in the table of laws", () => {
    const inTable = new Set(lawTable.flatMap(({ grounds }) => grounds));
    expect(grounds.map(({ id }) => withoutRegime(id)).filter((id) => !inTable.has(id))).toEqual([]);
  });
});

test("the GDPR's are those of its articles, each for the requests that it is of", () => {
  const of = (kind: "access" | "portability" | "erasure") => groundsFor("eu", kind).map(({ law }) => law);
  const all = ["11(2)", "12(5)(a)", "12(5)(b)", "12(6)", "23"];
  const own = {
    access: ["15(4)"],
    portability: ["20(1)", "20(3)", "20(4)"],
    erasure: ["a", "b", "c", "d", "e"].map((point) => `17(3)(${point})`),
  };
  for (const kind of requestKindNames)
    expect([kind, [...new Set(of(kind))].toSorted()]).toEqual([
      kind,
      [...all, ...own[kind]].map((article) => `Art. ${article} GDPR`).toSorted(),
    ]);
});

test("the table names no ground that there is not", () => {
  const known = new Set(
    regimes.flatMap((regime) => refusalGrounds[regime].map(({ id }) => withoutRegime(id))),
  );
  expect(lawTable.flatMap(({ grounds }) => grounds).filter((id) => !known.has(id))).toEqual([]);
});

test("the United Kingdom's are told of its own law", () => {
  const ground = findGround("uk", "uk_17_3_b");
  expect(ground?.law).toBe("Art. 17(3)(b) UK GDPR");
  expect(ground?.words.de).toContain("UK-DSGVO");
  expect(findGround("uk", "uk_23")).toBeUndefined();
  expect(findGround("eu", "uk_17_3_b")).toBeUndefined();
});

test("docs/privacy.md shows the table as it is", () => {
  const docs = readFileSync(path.join(import.meta.dirname, "../../docs/privacy.md"), "utf8");
  expect(docs).toContain(lawTableText());
});
