"use client";

import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn.ts";
import { ConsoleLink } from "./console-link.tsx";
import { useCurrentTarget } from "./current-target.ts";
import { pageHref, pageOfPath, pages } from "./navigation.ts";

/** The rail of a phone. */
export function BottomBar() {
  const target = useCurrentTarget();
  const current = pageOfPath(usePathname());
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-hairline bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {pages.map((page) => {
        if (page.path.includes("{target}") && target === null) return null;
        const Icon = page.icon;
        return (
          <ConsoleLink
            key={page.path}
            href={pageHref(page, target ?? "")}
            aria-current={page === current ? "page" : undefined}
            className={cn(
              // As wide as its word and its share of what is left: equal shares would cut the long ones.
              "flex h-13 min-w-0 flex-auto flex-col items-center justify-center gap-0.5 border-t-2 text-[10px] tracking-tight",
              page === current ? "border-accent text-accent" : "border-transparent text-muted",
            )}
          >
            <Icon aria-hidden className="size-4.5" />
            <span className="max-w-full truncate">{page.label}</span>
          </ConsoleLink>
        );
      })}
    </nav>
  );
}
