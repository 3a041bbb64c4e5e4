import { createHash } from "node:crypto";
import { z } from "zod";

/** A file of a package, as its checksums and the certificate have it. */
export const packageFile = z.strictObject({ name: z.string(), bytes: z.number(), sha256: z.string() });
export type PackageFile = z.infer<typeof packageFile>;

/** What a package consists of, in the order of the archive; the last one says what the others add up to. */
export const fileNames = {
  readme: "README.txt",
  pdf: "letter.pdf",
  html: "letter.html",
  schema: "events.schema.json",
  json: "events.json",
  csv: "events.csv",
  checksums: "checksums.sha256",
} as const;

export function fileOf(name: string, content: Uint8Array): PackageFile {
  return { name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

/** As `sha256sum -c` reads it. */
export function checksums(files: readonly PackageFile[]): Buffer {
  return Buffer.from(files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(""));
}
