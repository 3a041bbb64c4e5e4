import { createReadStream, readdirSync } from "node:fs";
import path from "node:path";

/** No needle is longer. */
const overlap = 200;

/** Texts of these that stand in a stream of bytes; those of a heap snapshot are ASCII, as JSON is where texts are. */
export async function textsIn(
  bytes: AsyncIterable<Buffer> | Iterable<Buffer>,
  needles: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  let before = "";
  for await (const chunk of bytes) {
    const text = before + chunk.toString("latin1");
    for (const one of needles) if (!found.has(one) && text.includes(one)) found.add(one);
    before = text.slice(-overlap);
  }
  return found;
}

/** `path: text` for each text that stands in a file of the folder, however deep. */
export async function filesHolding(folder: string, needles: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    for (const one of await textsIn(createReadStream(file), needles))
      found.push(`${path.relative(folder, file)}: ${one}`);
  }
  return found;
}
