"use client";

import { Bot, CircleUserRound, KeyRound, UserRoundX } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRowKeys } from "@/components/ui/use-row-keys.ts";
import type { ActivityRow } from "@/lib/activity/get-activity.ts";
import { activityWords } from "./activity-words.ts";

const actorIcons = { user: CircleUserRound, token: KeyRound, system: Bot, anonymous: UserRoundX };

interface RowsProps {
  rows: readonly ActivityRow[];
  selectedId: string | null;
  onOpen: (id: string) => void;
}

export function ActivityRows({ rows, selectedId, onOpen }: RowsProps) {
  const body = useRowKeys(
    (key) => rows.find(({ id }) => id === key),
    ({ id }) => onOpen(id),
  );
  if (rows.length === 0)
    return (
      <div className="h-64 border-t border-hairline">
        <EmptyState title="No matching activity" />
      </div>
    );
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Activity, newest first</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">What</th>
          <th scope="col">Outcome</th>
          <th scope="col">Address</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => {
          const Icon = actorIcons[row.actorKind];
          return (
            <tr
              key={row.id}
              data-key={row.id}
              aria-current={row.id === selectedId ? "true" : undefined}
              className={cn(
                "h-10 cursor-pointer border-t border-hairline focus-within:bg-hover hover:bg-hover",
                row.id === selectedId && "bg-accent-soft",
              )}
            >
              <td className="w-full max-w-0 py-1.5 pr-3 pl-4">
                <button
                  type="button"
                  data-open
                  onClick={() => onOpen(row.id)}
                  className="flex w-full items-center gap-2 text-left"
                >
                  <Icon aria-hidden className="size-4 shrink-0 text-faint" />
                  <span
                    className="min-w-0 truncate max-sm:whitespace-normal"
                    title={`${row.actorName} ${activityWords(row)}`}
                  >
                    <span className="font-medium">{row.actorName}</span>{" "}
                    <span className="text-muted">{activityWords(row)}</span>
                  </span>
                </button>
              </td>
              <td className="px-3 max-sm:px-0">
                {row.outcome === "refused" && <StateBadge state="warning">refused</StateBadge>}
                {row.outcome === "failed" && <StateBadge state="critical">failed</StateBadge>}
                {row.outcome === "unknown" && <StateBadge state="warning">outcome unknown</StateBadge>}
              </td>
              <td className="hidden px-3 text-xs whitespace-nowrap text-faint lg:table-cell">{row.ip}</td>
              <td className="min-w-24 pr-4 pl-3 text-right text-xs whitespace-nowrap text-muted">
                <Time at={row.at} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
