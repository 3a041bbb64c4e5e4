"use client";

import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useConsole } from "@/components/shell/console-context.tsx";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { PageHeader } from "@/components/shell/page-header.tsx";
import { cn } from "@/components/ui/cn.ts";
import { settingsPages } from "./settings-pages.ts";

/** Head and sub-navigation of every settings page; it names only what the person's role may see. */
export function SettingsFrame({ children }: { children: ReactNode }) {
  const { person } = useConsole();
  const path = usePathname();
  const pages = settingsPages(person.role);
  const current = pages.find((page) => page.href === path);
  const tabs = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab of another page is another one
  useEffect(() => {
    const nav = tabs.current;
    const tab = nav?.querySelector<HTMLElement>("[aria-current=page]");
    if (nav && tab)
      nav.scrollLeft = tab.offsetLeft - nav.offsetLeft - (nav.clientWidth - tab.offsetWidth) / 2;
  }, [path]);
  return (
    <>
      <PageHeader
        title="Settings"
        question={current?.question ?? "Who may do what, and what the console can do"}
      />
      <nav
        ref={tabs}
        aria-label="Settings"
        className="mb-5 flex overflow-x-auto shadow-[inset_0_-1px_0_var(--hairline)] [scrollbar-width:none]"
      >
        {pages.map(({ href, label }) => (
          <ConsoleLink
            key={href}
            href={href}
            aria-current={href === path ? "page" : undefined}
            className={cn(
              "flex h-9 items-center border-b-2 px-3 text-sm whitespace-nowrap -outline-offset-2",
              href === path
                ? "border-accent font-medium text-ink"
                : "border-transparent text-muted hover:text-ink",
            )}
          >
            {label}
          </ConsoleLink>
        ))}
      </nav>
      {children}
    </>
  );
}
