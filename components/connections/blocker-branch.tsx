"use client";

import { Lock } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { formatSeconds } from "@/lib/client/format.ts";
import type { BlockerNode } from "@/lib/connections/types.ts";
import { useSelectedSession } from "./selected-session.ts";

/** A session of the tree and, indented below it, whoever waits for it. */
export function BlockerBranch({ node, depth = 0 }: { node: BlockerNode; depth?: number }) {
  const [selected, select] = useSelectedSession();
  const { pid, session, waitsFor, holds } = node;
  const who = session?.application ?? session?.user;
  const held = holds.find((lock) => lock.granted) ?? holds[0];
  return (
    <li data-pid={pid} className={cn(depth > 0 && "border-l border-hairline-strong pl-3")}>
      <button
        type="button"
        disabled={pid === 0}
        onClick={() => select(pid)}
        aria-current={selected === pid ? "true" : undefined}
        className={cn(
          "grid w-full gap-0.5 rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover",
          depth === 0 && "border border-hairline bg-inset",
          selected === pid && "bg-accent-soft",
        )}
      >
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {depth === 0 && <Lock aria-hidden className="size-3.5 text-critical" />}
          <span className="font-mono text-xs">
            {pid === 0 ? `prepared transaction ${held?.gid ?? ""}` : pid}
          </span>
          {who && <span className="min-w-0 truncate font-medium">{who}</span>}
          {session?.state && <span className="text-muted">{session.state}</span>}
          {node.inCycle && <StateBadge state="critical">deadlock</StateBadge>}
          <span className="ml-auto">
            {waitsFor ? (
              <span className={cn("font-medium", (waitsFor.waitSeconds ?? 0) >= 30 && "text-critical")}>
                waits {waitsFor.waitSeconds === null ? "" : formatSeconds(waitsFor.waitSeconds)}
              </span>
            ) : (
              <span className="font-medium">holds up {node.blockedCount}</span>
            )}
          </span>
        </span>
        <span className="text-xs text-muted break-words">
          {waitsFor
            ? `waits for ${waitsFor.words}`
            : held
              ? `holds ${held.words}`
              : "holds what they wait for"}
          {!waitsFor &&
            session?.transactionSeconds != null &&
            ` · transaction open for ${formatSeconds(session.transactionSeconds)}`}
        </span>
        {session?.query && <code className="truncate font-mono text-xs text-faint">{session.query}</code>}
      </button>
      {node.waiters.length > 0 && (
        <ul className="mt-1 ml-3 grid gap-1">
          {node.waiters.map((waiter) => (
            <BlockerBranch key={waiter.pid} node={waiter} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}
