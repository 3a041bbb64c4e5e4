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

  test("keys, lists and numbers as well; the rest stays as it is", () => {
    const masking = { own, others: ["4711", "olaf"] };
    expect(maskJson('{"olaf": [1, 4711, {"by": "olaf", "n": 2.5}], "x": null}', masking)).toBe(
      '{"[masked]":[1,"[masked]",{"by":"[masked]","n":2.5}],"x":null}',
    );
    const nothing = '{"a": 1.50, "b": [true]}';
    expect(maskJson(nothing, { own, others: [] })).toBe(nothing);
  });
});
