// A program: lines of JSON on standard input, one Parquet file on standard output (a pipe), `whole` on standard error
// when the file is. Its arguments: the JSON's structure as from_json takes it, and what to select of `event`.
// DuckDB asks a table function for the lines: its own readers keep everything that ever came through a pipe (version
// 1.5.5: 84 MB of a 340 MB CSV, then out of memory; this stays level). Plain JavaScript, because to strip types takes
// a process 18 MB.
import { readSync, writeSync } from "node:fs";
import { DuckDBInstance, DuckDBTableFunction, VARCHAR } from "@duckdb/node-api";

const [structure, selected] = process.argv.slice(2);
const rowsPerGroup = 12_288;
/** Large events make smaller groups, so that a group's memory is bounded by both. */
const bytesPerGroup = 24 * 1024 * 1024;
/** Columns with more different values in a group are written without a dictionary: it would stand in memory beside them. */
const valuesPerDictionary = 1_000;
/** What one call hands over. DuckDB's vectors hold 2,048, but every line is parsed into some 2 kB beside. */
const linesPerCall = 128;
const bytesPerCall = 1024 * 1024;
/** Far above what groups of this size take; an event that needs more fails the export instead of the machine. */
const memoryLimit = "256MB";

const lineFeed = 10;
let buffer = Buffer.allocUnsafeSlow(1024 * 1024);
let start = 0;
let end = 0;

/** The next line, waiting for it: this process does nothing else. Null at the end. */
function readLine() {
  for (let searched = start; ; ) {
    const at = buffer.subarray(0, end).indexOf(lineFeed, searched);
    if (at >= 0) {
      const line = buffer.toString("utf8", start, at);
      start = at + 1;
      return line;
    }
    buffer.copyWithin(0, start, end);
    end -= start;
    searched = end;
    start = 0;
    if (end === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    const read = readSync(0, buffer, end, buffer.length - end, null);
    if (read === 0 && end > 0) throw new Error("the events ended in the middle of a line");
    if (read === 0) return null;
    end += read;
  }
}

function readLines() {
  const lines = [];
  for (let bytes = 0; lines.length < linesPerCall && bytes < bytesPerCall; ) {
    const line = readLine();
    if (line === null) break;
    lines.push(line);
    bytes += line.length;
  }
  return lines;
}

const eventLines = DuckDBTableFunction.create({
  name: "event_lines",
  bindFunction: (bind) => bind.addResultColumn("line", VARCHAR),
  initFunction: (init) => init.setInitData({}),
  mainFunction: (_, output) => {
    const lines = readLines();
    output.rowCount = lines.length;
    if (lines.length > 0) output.setColumnValues(0, lines);
  },
});

try {
  const instance = await DuckDBInstance.create(":memory:", {
    // One thread keeps the order by itself; to keep it with several DuckDB collects batches.
    threads: "1",
    preserve_insertion_order: "false",
    memory_limit: memoryLimit,
    temp_directory: "",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  connection.registerTableFunction(eventLines);
  await connection.run(`
    copy (
      select ${selected} from (select from_json(line, '${structure}') as event from event_lines())
    ) to '/dev/stdout' (
      format parquet, compression zstd, row_group_size ${rowsPerGroup}, row_group_size_bytes ${bytesPerGroup},
      dictionary_size_limit ${valuesPerDictionary}, write_bloom_filter false, use_tmp_file false
    )`);
  writeSync(2, "whole\n");
} catch (thrown) {
  writeSync(2, thrown instanceof Error ? thrown.message : String(thrown));
  process.exitCode = 1;
}
