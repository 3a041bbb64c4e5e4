"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { cn } from "@/components/ui/cn.ts";
import { useTarget } from "@/lib/client/use-target.ts";

/** The lists beside each other, each at its own address below `/{target}/alerts`. */
const lists = [
  { path: "", label: "Inbox", question: "What needs somebody, and who has it?" },
  { path: "/silences", label: "Silences", question: "What is nobody told about, why, and until when?" },
  { path: "/channels", label: "Routes and channels", question: "Who is told of what, and by which way?" },
] as const;

/** Head and sub-navigation of Alerts. */
export function AlertsFrame({ children }: { children: ReactNode }) {
  const target = useTarget();
  const path = usePathname();
  const base = `/${encodeURIComponent(target)}/alerts`;
  const current = lists.find((list) => path === `${base}${list.path}`) ?? lists[0];
  return (
    <>
      <PageHeader title="Alerts" question={current.question} />
      <nav
        aria-label="Alerts"
        className="mb-4 flex overflow-x-auto shadow-[inset_0_-1px_0_var(--hairline)] [scrollbar-width:none]"
      >
        {lists.map((list) => (
          <ConsoleLink
            key={list.path}
            href={`${base}${list.path}`}
            aria-current={list === current ? "page" : undefined}
            className={cn(
              "flex h-9 items-center border-b-2 px-3 text-sm whitespace-nowrap -outline-offset-2",
              list === current
                ? "border-accent font-medium text-ink"
                : "border-transparent text-muted hover:text-ink",
            )}
          >
            {list.label}
          </ConsoleLink>
        ))}
      </nav>
      {children}
    </>
  );
}
