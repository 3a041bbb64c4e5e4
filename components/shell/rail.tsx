"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { usePathname } from "next/navigation";
import { useState } from "react";
import { cn } from "@/components/ui/cn.ts";
import { ConsoleLink } from "./console-link.tsx";
import { useCurrentTarget } from "./current-target.ts";
import { Mark } from "./mark.tsx";
import { NavCount, useFiring } from "./nav-count.tsx";
import { alertsPath, pageHref, pageOfPath, pages } from "./navigation.ts";

/** 208 px with words, 56 px with icons: by choice (kept in a cookie, so that nothing jumps) or below 1,024 px. */
export function Rail({ initiallyCollapsed }: { initiallyCollapsed: boolean }) {
  const [collapsed, setCollapsed] = useState(initiallyCollapsed);
  const target = useCurrentTarget();
  const current = pageOfPath(usePathname());
  const firing = useFiring(target);
  // What is watched stands above, what is run below.
  const lower = target === null ? "/settings" : "/{target}/jobs";
  const words = cn("hidden truncate", !collapsed && "lg:inline");
  const toggle = () => {
    setCollapsed(!collapsed);
    // Remembered where the browser has the Cookie Store API (https and localhost).
    void window.cookieStore?.set({
      name: "audit-db.rail",
      value: collapsed ? "wide" : "narrow",
      path: "/",
      expires: Date.now() + 31_536_000_000,
      sameSite: "lax",
    });
  };
  return (
    <aside
      className={cn(
        "sticky top-0 hidden h-dvh w-14 shrink-0 flex-col border-r border-hairline bg-panel sm:flex",
        !collapsed && "lg:w-52",
      )}
    >
      <ConsoleLink
        href="/"
        className="flex h-12 items-center gap-2.5 px-4 font-semibold"
        aria-label="Audit DB, start page"
      >
        <Mark />
        <span className={words}>Audit DB</span>
      </ConsoleLink>
      <nav aria-label="Pages" className="flex grow flex-col gap-0.5 overflow-y-auto px-2 py-2">
        {pages.map((page) => {
          if (page.path.includes("{target}") && target === null) return null;
          const active = page === current;
          const Icon = page.icon;
          return (
            <ConsoleLink
              key={page.path}
              href={pageHref(page, target ?? "")}
              aria-current={active ? "page" : undefined}
              aria-label={
                page.path === alertsPath && firing > 0 ? `${page.label}: ${firing} firing` : page.label
              }
              title={`${page.label} (g ${page.key})`}
              className={cn(
                "relative flex h-8 items-center gap-2.5 rounded-md px-3 text-base",
                active
                  ? "bg-accent-soft font-medium text-accent"
                  : "text-muted hover:bg-hover hover:text-ink",
                page.path === lower && "mt-auto",
              )}
            >
              <Icon aria-hidden className="size-4 shrink-0" />
              {/* The space keeps word and count apart where they are read as one text. */}
              <span className={words}>{page.label}</span>{" "}
              {page.path === alertsPath && (
                <NavCount
                  count={firing}
                  className={cn("absolute top-0 right-0", !collapsed && "lg:static lg:ml-auto")}
                />
              )}
            </ConsoleLink>
          );
        })}
      </nav>
      <div className="hidden border-t border-hairline p-2 lg:block">
        <button
          type="button"
          onClick={toggle}
          aria-expanded={!collapsed}
          aria-label={collapsed ? "Expand the navigation" : "Collapse the navigation"}
          className="flex h-8 w-full items-center gap-2.5 rounded-md px-3 text-sm text-faint hover:bg-hover hover:text-ink"
        >
          {collapsed ? (
            <PanelLeftOpen aria-hidden className="size-4" />
          ) : (
            <PanelLeftClose aria-hidden className="size-4" />
          )}
          <span className={words}>Collapse</span>
        </button>
      </div>
    </aside>
  );
}
