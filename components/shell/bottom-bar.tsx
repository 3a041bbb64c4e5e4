"use client";

import { Ellipsis } from "lucide-react";
import { usePathname } from "next/navigation";
import { cn } from "@/components/ui/cn.ts";
import { DropdownMenu, MenuItem } from "@/components/ui/dropdown-menu.tsx";
import { ConsoleLink } from "./console-link.tsx";
import { useCurrentTarget } from "./current-target.ts";
import { NavCount, useFiring } from "./nav-count.tsx";
import { alertsPath, barPages, pageHref, pageOfPath } from "./navigation.ts";

/** The rail of a phone: four pages that answer "is it well?", and the others behind "More". */
export function BottomBar() {
  const target = useCurrentTarget();
  const current = pageOfPath(usePathname());
  const { shown, more } = barPages(target);
  const firing = useFiring(target);
  const place = (active: boolean) =>
    cn(
      "relative flex h-13 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 border-t-2 text-xs tracking-tight",
      active ? "border-accent text-accent" : "border-transparent text-muted",
    );
  return (
    <nav
      aria-label="Pages"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-hairline bg-panel pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {shown.map((page) => (
        <ConsoleLink
          key={page.path}
          href={pageHref(page, target ?? "")}
          aria-current={page === current ? "page" : undefined}
          className={place(page === current)}
        >
          <page.icon aria-hidden className="size-4.5" />
          <span className="max-w-full truncate">{page.label}</span>
          {page.path === alertsPath && (
            <>
              <NavCount count={firing} className="absolute top-1 left-1/2 ml-1.5" />
              {firing > 0 && <span className="sr-only">{firing} firing</span>}
            </>
          )}
        </ConsoleLink>
      ))}
      {more.length > 0 && (
        <DropdownMenu
          label="More pages"
          className="min-w-48"
          trigger={
            <button type="button" className={place(current !== undefined && more.includes(current))}>
              <Ellipsis aria-hidden className="size-4.5" />
              More
            </button>
          }
        >
          {more.map((page) => (
            <MenuItem key={page.path} asChild>
              <ConsoleLink
                href={pageHref(page, target ?? "")}
                aria-current={page === current ? "page" : undefined}
              >
                <page.icon aria-hidden /> {page.label}
              </ConsoleLink>
            </MenuItem>
          ))}
        </DropdownMenu>
      )}
    </nav>
  );
}
