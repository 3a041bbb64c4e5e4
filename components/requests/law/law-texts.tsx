"use client";

import { useGrounds } from "@/components/requests/decision/use-grounds.ts";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { Badge } from "@/components/ui/state-badge.tsx";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { lawAt } from "./law-at.ts";

type Of = Pick<RequestSummary, "kind" | "regime" | "state">;

/** What the law says where the request stands, then the grounds by which it may be refused, in the words that the person reads. */
export function LawTexts({ kind, regime, state }: Of) {
  const { law, all, error } = useGrounds({ kind, regime });
  if (!law || !all)
    return error ? <p className="text-sm text-critical">{error.message}</p> : <Skeleton className="h-80" />;
  const { grounds, remedy } = law;
  const now = lawAt(all.law, { kind, regime, state });
  return (
    <div className="grid gap-6 text-sm">
      {now.length > 0 && (
        <section className="grid gap-2">
          <h3 className="text-base font-semibold">Where it stands now</h3>
          <dl className="grid gap-2">
            {now.map((row) => (
              <div key={row.law}>
                <dt className="font-medium">{row.law}</dt>
                <dd className="text-muted">
                  {row.says}
                  {row.clock && `. Clock: ${row.clock}`}.
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className="grid gap-3">
        <h3 className="text-base font-semibold">Grounds for refusing it, or a part of it</h3>
        <ul className="grid gap-3">
          {grounds.map(({ id, law: article, title, whole, words }) => (
            <li key={id} className="grid gap-1 border-t border-hairline pt-3">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-medium">{article}</span>
                <Badge>{whole ? "the whole or a part" : "a part"}</Badge>
              </p>
              <p>{title}</p>
              <p className="text-muted">“{words.en}”</p>
            </li>
          ))}
        </ul>
      </section>
      <section className="grid gap-2">
        <h3 className="text-base font-semibold">What every refusal tells them too</h3>
        <p className="text-muted">“{remedy}”</p>
      </section>
    </div>
  );
}
