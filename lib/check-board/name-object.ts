import type { CheckObject } from "../check.ts";
import { quoteQualified } from "../quote-sql.ts";

/** What people call an object: "pid 4711 (report-worker)", "public.audit_log". */
export function nameObject(object: CheckObject): string {
  switch (object.kind) {
    case "target":
      return "the whole target";
    case "session":
      return object.name ? `pid ${object.pid} (${object.name})` : `pid ${object.pid}`;
    case "relation": {
      const name = quoteQualified(object.schema, object.name);
      return object.part === undefined ? name : `${name} · ${object.part}`;
    }
    default:
      return object.name;
  }
}
