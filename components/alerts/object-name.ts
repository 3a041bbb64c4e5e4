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
    case "statement":
      return statementName(object.name);
    default:
      return object.name;
  }
}

/** Of a statement's key (database, role, query id, called from outside or not) what people know it by; other names as they are. */
export function statementName(key: string): string {
  const [, queryId] = /^\d+\/\d+\/(-?\d+)\/[01]$/.exec(key) ?? [];
  return queryId === undefined ? key : `statement ${queryId}`;
}
