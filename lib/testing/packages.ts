import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { BlobReader, type FileEntry, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { vi } from "vitest";
import { systemActor } from "../auth/actor.ts";
import { openConfiguredTarget } from "../engines/open-target.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { createPackageJob, type PackageJobOptions } from "../requests/package/package-job.ts";
import type { RequestRow } from "../requests/read-request.ts";
import type { PrivacyWorld } from "./privacy-world.ts";
import { startTestJobs } from "./start-test-jobs.ts";

const run = promisify(execFile);

/** Puts the job of a request's package into the queue. @returns the job's id */
export async function askForPackage(world: PrivacyWorld, { id }: Pick<RequestRow, "id">): Promise<string> {
  const { console } = world;
  const asked = await console.db.transaction((tx) =>
    enqueueJob({ tx, actor: systemActor("test"), now: new Date() }, createPackageJob(), { request: id }),
  );
  return asked.id;
}

/** Runs a job of `askForPackage` to its end, with pages of so many rows. @returns its row */
export async function workPackage(
  world: PrivacyWorld,
  job: string,
  options: PackageJobOptions = { pageRows: 3 },
): Promise<Record<string, unknown>> {
  const worker = startTestJobs(
    { console: world.console, url: world.consoleUrl },
    [createPackageJob(options)],
    openConfiguredTarget,
  );
  try {
    return await vi.waitFor(
      async () => {
        const [row] = await world.sql`select * from job where id = ${job}`;
        if (!row?.finished_at) throw new Error(`the job is ${row?.state} ${JSON.stringify(row?.error)}`);
        return row;
      },
      { timeout: 40_000, interval: 50 },
    );
  } finally {
    await worker.stop();
  }
}

/** The archive as it is stored. */
export async function storedArchive(world: PrivacyWorld, { id }: Pick<RequestRow, "id">): Promise<Buffer> {
  const pieces = await world.sql<{ content: Buffer }[]>`
    select content from privacy_package_piece join privacy_request_package p on p.id = package_id
    where request_id = ${id} and kind = 'archive' order by n`;
  return Buffer.concat(pieces.map(({ content }) => content));
}

const sevenZip = ["/usr/bin/7z", "/usr/bin/7za", "/usr/bin/7zz"].find((file) => existsSync(file));

/** Files of an archive by name, opened by 7-Zip where it is there. @throws when the passphrase is wrong */
export async function unzip(archive: Buffer, passphrase: string): Promise<Record<string, Buffer>> {
  if (!sevenZip) return unzipByLibrary(archive, passphrase);
  const folder = mkdtempSync(path.join(tmpdir(), "audit-package-"));
  try {
    const file = path.join(folder, "package.zip");
    writeFileSync(file, archive);
    const out = path.join(folder, "out");
    await run(sevenZip, ["x", `-p${passphrase}`, `-o${out}`, "-y", file]);
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(path.join(out, name))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function unzipByLibrary(archive: Buffer, password: string): Promise<Record<string, Buffer>> {
  const zip = new ZipReader(new BlobReader(new Blob([new Uint8Array(archive)])), { useWebWorkers: false });
  const files: Record<string, Buffer> = {};
  for (const entry of await zip.getEntries()) {
    const content = await (entry as FileEntry).getData(new Uint8ArrayWriter(), { password });
    files[entry.filename] = Buffer.from(content);
  }
  return files;
}

/** What a PDF says: its texts in embedded fonts, out of what pdfkit writes. */
export async function pdfText(pdf: Buffer): Promise<string> {
  const { inflateSync } = await import("node:zlib");
  const objects = new Map<string, string>();
  for (const [, id = "", content = ""] of pdf
    .toString("latin1")
    .matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [, written] = /stream\n([\s\S]*?)\nendstream/.exec(content) ?? [];
    const packed = written !== undefined && content.includes("/FlateDecode");
    objects.set(id, packed ? inflateSync(Buffer.from(written, "latin1")).toString("latin1") : content);
  }
  const fonts = new Map<string, string[]>();
  for (const content of objects.values())
    for (const [, name = "", id = ""] of content.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const [, map = ""] = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id) ?? "") ?? [];
      fonts.set(name, glyphsOf(objects.get(map) ?? ""));
    }
  let said = "";
  let glyphs: string[] = [];
  for (const content of objects.values())
    for (const [, font, array = ""] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (font !== undefined) glyphs = fonts.get(font) ?? [];
      for (const [, hex = ""] of array.matchAll(/<([0-9a-f]*)>/gi))
        for (const [glyph] of hex.matchAll(/.{4}/g)) said += glyphs[Number.parseInt(glyph, 16)] ?? "";
      if (font === undefined) said += "\n";
    }
  return said;
}

/** The text of each glyph of a subset, as its `ToUnicode` has it: one range after the other. */
function glyphsOf(map: string): string[] {
  const glyphs: string[] = [];
  for (const [, first = "", texts = ""] of map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi))
    for (const [at, [, hex = ""]] of [...texts.matchAll(/<([^>]*)>/g)].entries())
      glyphs[Number.parseInt(first, 16) + at] = Buffer.from(hex.replaceAll(" ", ""), "hex")
        .swap16()
        .toString("utf16le");
  return glyphs;
}
