import type { CheckObject } from "@/lib/check.ts";

/** What people call it: "pid 4711 (report-worker)", "public.orders", "this target". */
export function objectName(object: CheckObject): string {
  switch (object.kind) {
    case "target":
      return "this target";
    case "session":
      return object.name || `pid ${object.pid}`;
    case "relation":
      return `${object.schema}.${object.name}${object.part ? ` · ${object.part}` : ""}`;
    default:
      return object.name;
  }
}
