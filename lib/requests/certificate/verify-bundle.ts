import type { KeyObject } from "node:crypto";
import { compactVerify, decodeProtectedHeader } from "jose";
import { judgeReceipt } from "../../ledger/receipt.ts";
import { type Bundle, bundleText, certificateType, sha256Of } from "./bundle.ts";
import { type Statement, statement } from "./statement.ts";

/** What a bundle is worth. */
export interface Verified {
  /** Of the file, hex. */
  sha256: string;
  /** Null where nothing that can be read was signed. */
  statement: Statement | null;
  kid: string | null;
  /** Why it is nobody's word, in words; none: it is as it was signed. */
  problems: string[];
  receipts: {
    /** Signed by a given key, and of what the certificate lists. */
    verified: number;
    /** By a key that was not given. */
    unknownKey: number;
  };
}

/**
 * Whether a bundle is what one of these keys signed, to the byte. It asks nothing but its arguments.
 * @param certificate text of the certificate, where the bundle is a supplement to it
 */
export async function verifyBundle(
  text: string,
  keys: ReadonlyMap<string, KeyObject>,
  certificate?: string,
): Promise<Verified> {
  const sha256 = sha256Of(text);
  const receipts = { verified: 0, unknownKey: 0 };
  const wrong = (problem: string, kid: string | null = null): Verified => ({
    ...{ sha256, statement: null, kid, receipts },
    problems: [problem],
  });
  const bundle = parse(text);
  if (!bundle) return wrong("It is no certificate of this product, or it was cut or changed.");
  const header = headerOf(bundle.jws);
  if (header === null) return wrong("Its signature is not one of a certificate.");
  const key = keys.get(header.kid);
  if (!key) return wrong(`It says to be signed by the key ${header.kid}, which was not given.`, header.kid);
  const payload = await signedBy(bundle.jws, key);
  if (payload === null)
    return wrong(
      "The signature does not match: what was signed was changed, or another key signed it.",
      header.kid,
    );
  const said = statement.safeParse(payload);
  if (!said.success)
    return wrong("What was signed is no certificate that this version can read.", header.kid);
  const problems: string[] = [];
  // Key order and numbers are as they were signed: the payload itself makes the text anew.
  if (text !== bundleText({ format: certificateType, jws: bundle.jws, statement: payload as Statement }))
    problems.push("The readable part differs from what was signed.");
  problems.push(...(await judgeReceipts(said.data, keys, receipts)), ...judgeOrder(said.data, certificate));
  return { sha256, statement: said.data, kid: header.kid, problems, receipts };
}

function parse(text: string): Pick<Bundle, "jws"> | null {
  try {
    const { format, jws } = JSON.parse(text) as Partial<Bundle>;
    return format === certificateType && typeof jws === "string" ? { jws } : null;
  } catch {
    return null;
  }
}

function headerOf(jws: string): { kid: string } | null {
  try {
    const { typ, kid } = decodeProtectedHeader(jws);
    return typ === certificateType && kid ? { kid } : null;
  } catch {
    return null;
  }
}

async function signedBy(jws: string, key: KeyObject): Promise<unknown> {
  // Base64url has spellings that decode alike: only the one that was signed is ours.
  const plain = jws.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
  if (!plain) return null;
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: ["EdDSA"] });
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}

async function judgeReceipts(
  { receipts, erased }: Statement,
  keys: ReadonlyMap<string, KeyObject>,
  counts: Verified["receipts"],
): Promise<string[]> {
  const problems: string[] = [];
  const entries = new Set<number>();
  for (const [nth, jws] of receipts.entries()) {
    const judged = await judgeReceipt(jws, async (kid) => keys.get(kid) ?? null);
    if (judged.trusted) {
      counts.verified++;
      entries.add(judged.receipt.entry);
    } else if (judged.why === "unknown key") counts.unknownKey++;
    else problems.push(`Receipt ${nth + 1} is nobody's word: ${judged.why}.`);
  }
  const missing = erased.filter(({ entry }) => entry !== null && !entries.has(entry));
  if (missing.length > counts.unknownKey)
    problems.push(`${missing.length - counts.unknownKey} of what it says was erased has no receipt.`);
  return problems;
}

function judgeOrder({ n, of }: Statement, certificate: string | undefined): string[] {
  if (n === 1) return of === null ? [] : ["A certificate is no supplement to another."];
  if (certificate === undefined || of === sha256Of(certificate)) return [];
  return ["It is a supplement to another certificate than the one that was given."];
}
