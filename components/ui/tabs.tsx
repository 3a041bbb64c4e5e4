"use client";

/**
 * <Tabs param="view" label="View" tabs={[["application", "Application"], ["user", "User"]]}>
 *   {(tab) => <ByClient by={tab} />}
 * </Tabs>
 * The chosen tab stands in the URL under `param`; the first is the default. `useTab` gives the choice alone.
 */
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { cn } from "./cn.ts";

export function useTab<V extends string>(param: string, values: readonly [V, ...V[]]) {
  return useQueryState(param, parseAsStringLiteral(values).withDefault(values[0]));
}

interface TabsProps<V extends string> {
  param: string;
  label: string;
  tabs: readonly [readonly [V, ReactNode], ...(readonly [V, ReactNode])[]];
  /** At the right end of the tab row. */
  actions?: ReactNode;
  children: (tab: V) => ReactNode;
}

export function Tabs<V extends string>({ param, label, tabs, actions, children }: TabsProps<V>) {
  const values = tabs.map(([value]) => value) as [V, ...V[]];
  const [tab, setTab] = useTab(param, values);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  function move(event: KeyboardEvent) {
    const at = values.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: values.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = values.at(to % values.length);
    if (next === undefined) return;
    void setTab(next);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]").item(values.indexOf(next)).focus();
  }
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2 border-b border-hairline">
        <div
          ref={list}
          role="tablist"
          aria-label={label}
          className="-mb-px flex min-w-0 overflow-x-auto [scrollbar-width:none]"
        >
          {tabs.map(([value, words]) => (
            <button
              key={value}
              type="button"
              role="tab"
              id={`${id}-${value}`}
              aria-selected={value === tab}
              aria-controls={`${id}-panel`}
              tabIndex={value === tab ? 0 : -1}
              onClick={() => void setTab(value)}
              onKeyDown={move}
              className={cn(
                "h-9 border-b-2 px-3 text-sm whitespace-nowrap -outline-offset-2",
                value === tab
                  ? "border-accent font-medium text-ink"
                  : "border-transparent text-muted hover:text-ink",
              )}
            >
              {words}
            </button>
          ))}
        </div>
        {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className="pt-3">
        {children(tab)}
      </div>
    </div>
  );
}
