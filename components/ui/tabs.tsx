"use client";

/**
 * <Tabs param="view" label="View" tabs={[["application", "Application"], ["user", "User"]]}>
 *   {(tab) => <ByClient by={tab} />}
 * </Tabs>
 * The chosen tab stands in the URL under `param`; the first is the default. `useTab` gives the choice alone.
 */
import { parseAsStringLiteral, useQueryState } from "nuqs";
import * as Radix from "radix-ui/tabs";
import type { ReactNode } from "react";

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
  return (
    <Radix.Root value={tab} onValueChange={(next) => void setTab(next as V)}>
      <div className="flex flex-wrap items-center gap-2 border-b border-hairline">
        <Radix.List aria-label={label} className="-mb-px flex min-w-0 overflow-x-auto [scrollbar-width:none]">
          {tabs.map(([value, words]) => (
            <Radix.Trigger
              key={value}
              value={value}
              className="h-9 border-b-2 border-transparent px-3 text-sm whitespace-nowrap text-muted -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {words}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
      </div>
      <Radix.Content value={tab} className="pt-3 outline-none">
        {children(tab)}
      </Radix.Content>
    </Radix.Root>
  );
}
