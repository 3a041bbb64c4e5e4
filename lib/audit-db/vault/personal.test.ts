import { createDecipheriv, createHash, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../append/i-json.ts";
import { type DataKey, dataKeyOf, namesKey, openPersonal, sealPersonal } from "./personal.ts";
import type { Person } from "./types.ts";

const text = fc.string({ unit: "binary", maxLength: 60 });
const optional = fc.option(text, { nil: undefined });
const person = fc.record({
  id: text,
  name: optional,
  email: optional,
  ip: optional,
  userAgent: optional,
  details: fc.option(
    fc.dictionary(
      text,
      fc.jsonValue({ stringUnit: "binary" }).map((value) => value as Json),
    ),
    { nil: undefined },
  ),
});

function makeKey(): DataKey {
  return dataKeyOf(`p_${randomBytes(16).toString("base64url")}`, randomBytes(16), randomBytes(32));
}

// Made once and checked by hand: what is stored today must open for as long as it is kept.
const vector = {
  nonce: "5c80fdf1213dee90527fa063",
  digest: "13e16359eef079491d22392069dde396109680c4e77694eb1a8f52b7d50e5270",
};

describe("a person's sealed fields", () => {
  test("open again as they were, whatever they are", () => {
    fc.assert(
      fc.property(person, text, (given, context) => {
        const key = makeKey();
        const sealed = sealPersonal(given, key, context);
        expect(namesKey(sealed, key.keyId)).toBe(true);
        expect(openPersonal(sealed, key, context)).toEqual(JSON.parse(JSON.stringify(given)) as Person);
      }),
    );
  });

  test("do not open when any one bit of any byte was changed, or bytes were cut off or added", () => {
    const key = makeKey();
    const sealed = sealPersonal({ id: "u-1", name: "Zoë" }, key, "e/actor");
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8((changed[at] as number) ^ (1 << (at % 8)), at);
      // The key id only names the key; that it was changed is seen by the vault before, and by the tag here.
      expect(() => openPersonal(changed, key, "e/actor"), `byte ${at}`).toThrow();
    }
    for (const length of [0, 1, 17, 60, 61, 76, sealed.length - 1])
      expect(() => openPersonal(sealed.subarray(0, length), key, "e/actor"), `${length} bytes`).toThrow();
    expect(() => openPersonal(Buffer.concat([sealed, Buffer.alloc(1)]), key, "e/actor")).toThrow();
  });

  test("do not open under another token, in another event, or in the other place of the same event", () => {
    fc.assert(
      fc.property(person, (given) => {
        const key = makeKey();
        const sealed = sealPersonal(given, key, "event/actor");
        expect(() => openPersonal(sealed, { ...key, token: makeKey().token }, "event/actor")).toThrow();
        expect(() => openPersonal(sealed, key, "other/actor")).toThrow();
        expect(() => openPersonal(sealed, key, "event/target")).toThrow();
      }),
    );
  });

  test("tell by their commitment that a key is another, before anything is decrypted", () => {
    fc.assert(
      fc.property(person, (given) => {
        const key = makeKey();
        const sealed = sealPersonal(given, key, "event/actor");
        expect(() =>
          openPersonal(sealed, dataKeyOf(key.token, key.keyId, randomBytes(32)), "event/actor"),
        ).toThrow("another key");
      }),
    );
  });

  test("are the same bytes for the same event, and share nothing otherwise", () => {
    const key = makeKey();
    const given = { id: "u-1", name: "Zoë" };
    const sealed = sealPersonal(given, key, "event/actor");
    expect(sealPersonal({ name: "Zoë", id: "u-1" }, key, "event/actor")).toEqual(sealed);
    const nonces = [
      sealed,
      sealPersonal({ ...given, name: "Zoe" }, key, "event/actor"),
      sealPersonal(given, key, "event/target"),
      sealPersonal(given, dataKeyOf(key.token, key.keyId, randomBytes(32)), "event/actor"),
      sealPersonal(given, { ...key, token: "p_other" }, "event/actor"),
    ].map((bytes) => bytes.subarray(17, 29).toString("hex"));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test("open by their description alone, without this code", () => {
    const key = dataKeyOf("p_token", Buffer.alloc(16, 7), Buffer.alloc(32, 9));
    const sealed = sealPersonal({ name: "Zoë", id: "u-1" }, key, "event/actor");
    expect(sealed.subarray(0, 61).toString("hex")).toBe(
      `01${"07".repeat(16)}${vector.nonce}${createHash("sha256")
        .update("audit-db commit\0")
        .update(Buffer.alloc(32, 9))
        .digest("hex")}`,
    );
    const decipher = createDecipheriv("aes-256-gcm", Buffer.alloc(32, 9), sealed.subarray(17, 29));
    decipher.setAAD(Buffer.concat([sealed.subarray(0, 61), Buffer.from("p_token\0event/actor\0")]));
    decipher.setAuthTag(sealed.subarray(-16));
    const text = decipher.update(sealed.subarray(61, -16), undefined, "utf8") + decipher.final("utf8");
    expect(text).toBe('{"id":"u-1","name":"Zoë"}');
    expect(createHash("sha256").update(sealed).digest("hex")).toBe(vector.digest);
  });

  test("do not say in the clear what they hold", () => {
    const sealed = sealPersonal({ id: "u-1", name: "Ada Lovelace", ip: "203.0.113.9" }, makeKey(), "e/actor");
    for (const word of ["u-1", "Ada", "203.0.113.9"]) expect(sealed.includes(word)).toBe(false);
  });
});
