import { describe, expect, test } from "vitest";
import { maskJson, maskText } from "./mask-others.ts";

const own = new Set(["mina@example.test", "10.0.0.7", "mina"]);

describe("what is somebody else's", () => {
  test("addresses, telephone numbers and accounts are masked but for the person's own", () => {
    const mask = (text: string) => maskText(text, { own, others: [] });
    expect(mask("from Mina@example.test to olaf@example.test")).toBe("from Mina@example.test to [masked]");
    expect(mask("call +49 170 1234567 now")).toBe("call [masked] now");
    expect(mask("DE89 3704 0044 0532 0130 00")).toBe("[masked]");
    expect(mask("version 1.2.3.4")).toBe("version 1.2.3.4");
  });

  test("where others take part their names, ids and addresses go, whatever their case", () => {
    const masking = { own, others: ["olaf-17", "Olaf Example", "u7"] };
    expect(maskText("OLAF-17 changed what Olaf Example wrote at 192.0.2.9", masking)).toBe(
      "[masked] changed what [masked] wrote at [masked]",
    );
    expect(maskText("10.0.0.7", masking)).toBe("10.0.0.7");
    // A short id within another word is no id.
    expect(maskText("menu7", masking)).toBe("menu7");
    expect(maskText("u7", masking)).toBe("[masked]");
  });

  test("letters with accents, however they are written, leave nothing of a name or an address behind", () => {
    const mask = (text: string, others: string[] = []) => maskText(text, { own, others });
    expect(mask("to jörg.müller@klinik.example")).toBe("to [masked]");
    expect(mask("to info@büro-müller.example")).toBe("to [masked]");
    // Small letters of İ are two: what stands behind it is masked where it stands.
    expect(mask("İİİ wrote to Olaf Example", ["Olaf Example"])).toBe("İİİ wrote to [masked]");
    expect(mask("by İbo Şahin", ["ibo şahin", "İbo Şahin"])).toBe("by [masked]");
    // Composed and decomposed signs look alike.
    expect(mask("by Zoe\u0308 Gro\u00df", ["Zo\u00eb Gro\u00df"])).toBe("by [masked]");
    expect(mask("by Zo\u00eb Gro\u00df", ["Zoe\u0308 Gro\u00df"])).toBe("by [masked]");
  });

  test("of two values that lie in one another the longer one goes first, and no sign is a pattern", () => {
    const mask = (text: string, others: string[]) => maskText(text, { own, others });
    expect(mask("Anna Meier called", ["meier", "Anna Meier"])).toBe("[masked] called");
    expect(mask("see a.b+c (x) and aXb+c", ["a.b+c (x)"])).toBe("see [masked] and aXb+c");
  });

  test("keys, lists and numbers as well; the rest stays as it is", () => {
    const masking = { own, others: ["4711", "olaf"] };
    expect(maskJson('{"olaf": [1, 4711, {"by": "olaf", "n": 2.5}], "x": null}', masking)).toBe(
      '{"[masked]":[1,"[masked]",{"by":"[masked]","n":2.5}],"x":null}',
    );
    const nothing = '{"a": 1.50, "b": [true]}';
    expect(maskJson(nothing, { own, others: [] })).toBe(nothing);
  });
});
