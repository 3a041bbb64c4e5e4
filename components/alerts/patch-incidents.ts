import type { QueryClient } from "@tanstack/react-query";
import type { IncidentLine } from "@/lib/alerts/types.ts";

interface Answered {
  ok: boolean;
  data?: unknown;
}

/**
 * Shows what somebody did before the server has answered, wherever these incidents are shown.
 * @returns what takes it back
 */
export function patchIncidents(
  client: QueryClient,
  ids: ReadonlySet<string>,
  change: (line: IncidentLine) => IncidentLine,
): () => void {
  const changed = <T extends IncidentLine>(line: T): T =>
    ids.has(line.id) ? { ...line, ...change(line) } : line;
  const of = (name: string) => ({
    predicate: ({ queryKey }: { queryKey: readonly unknown[] }) =>
      queryKey[0] === "read" && queryKey[2] === name,
  });
  const before = [...client.getQueriesData(of("incidents")), ...client.getQueriesData(of("incident"))];
  client.setQueriesData<Answered>(of("incidents"), (answer) => {
    if (!answer?.ok) return answer;
    const page = answer.data as { incidents: IncidentLine[] };
    return { ...answer, data: { ...page, incidents: page.incidents.map(changed) } };
  });
  client.setQueriesData<Answered>(of("incident"), (answer) =>
    answer?.ok ? { ...answer, data: changed(answer.data as IncidentLine) } : answer,
  );
  return () => {
    for (const [key, answer] of before) client.setQueryData(key, answer);
  };
}
