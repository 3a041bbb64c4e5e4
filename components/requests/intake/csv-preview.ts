/** A file as it is shown before it is sent: the server reads it itself. */
export interface CsvPreview {
  header: string[];
  /** `line`: where it ends in the file, as the server counts. */
  rows: { line: number; cells: string[] }[];
}

/** What is taken in at once. */
export const mostCsvCharacters = 1_000_000;

/** Cells of a CSV, quoted ones with line ends too; comma or, where there is none in the first line, semicolon. */
export function previewCsv(given: string): CsvPreview {
  const text = given.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  const [first = ""] = text.split("\n", 1);
  const between = first.includes(";") && !first.includes(",") ? ";" : ",";
  const records: CsvPreview["rows"] = [];
  let [cells, cell, quoted, line]: [string[], string, boolean, number] = [[], "", false, 1];
  const endRecord = () => {
    cells.push(cell.trim());
    if (cells.some((each) => each !== "")) records.push({ line, cells });
    [cells, cell] = [[], ""];
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === between && !quoted) {
      cells.push(cell.trim());
      cell = "";
    } else if (letter === "\n" && !quoted) {
      endRecord();
      line += 1;
    } else {
      cell += letter;
      if (letter === "\n") line += 1;
    }
  }
  endRecord();
  const [header, ...rows] = records;
  return { header: header?.cells ?? [], rows };
}

/** What the server said of lines: "line 3" → "kind: …". */
export function lineErrors(fields: Record<string, string> | undefined): Map<number, string> {
  return new Map(
    Object.entries(fields ?? {}).flatMap(([field, why]): [number, string][] => {
      const line = /^line (\d+)$/.exec(field)?.[1];
      return line === undefined ? [] : [[Number(line), why]];
    }),
  );
}
