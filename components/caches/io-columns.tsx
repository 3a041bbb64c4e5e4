import type { Column } from "@/components/ui/data-table-props.ts";
import type { IoRow } from "@/lib/buffers/types.ts";

export const ioKey = (row: IoRow) => `${row.backendType}/${row.object}/${row.context}`;

const figure = (
  id: string,
  header: string,
  value: (row: IoRow) => number | null | undefined,
  more: Partial<Column<IoRow>> = {},
): Column<IoRow> => ({ id, header, value, unit: "count", ...more });

const total = { hidden: true, help: "Since the server's counters began" };

/** Over the range first; since the counters began in columns that can be turned on. */
export const ioColumns: Column<IoRow>[] = [
  { id: "process", header: "Process", value: (row) => row.backendType },
  { id: "object", header: "On", value: (row) => row.object, from: "lg" },
  {
    id: "context",
    header: "Context",
    value: (row) => row.context,
    from: "sm",
    help: "normal, vacuum, bulkread, bulkwrite, init",
  },
  figure("hits", "Blocks found", (row) => row.window?.hits),
  figure("share", "Found", (row) => row.window?.hitShare, { unit: "ratio" }),
  figure("read", "Read", (row) => row.window?.readBytes, { unit: "bytes" }),
  figure("written", "Written", (row) => row.window?.writeBytes, { unit: "bytes", from: "sm" }),
  figure("evictions", "Evictions", (row) => row.window?.evictions, {
    from: "lg",
    help: "Blocks pushed out to make room",
  }),
  figure("reads-all", "Reads, all", (row) => row.reads, { ...total }),
  figure("read-time", "Read time, all", (row) => row.readTimeMs, { ...total, unit: "ms" }),
  figure("writes-all", "Writes, all", (row) => row.writes, { ...total }),
  figure("extends-all", "Extends, all", (row) => row.extends, { ...total }),
  figure("hits-all", "Found, all", (row) => row.hits, { ...total }),
  figure("evictions-all", "Evictions, all", (row) => row.evictions, { ...total }),
  figure("reuses-all", "Reuses, all", (row) => row.reuses, { ...total }),
  figure("fsyncs-all", "Fsyncs, all", (row) => row.fsyncs, { ...total }),
];
