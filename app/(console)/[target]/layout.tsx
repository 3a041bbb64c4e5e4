import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { Prefetch } from "@/app/(console)/prefetch";
import { OutageBanner } from "@/components/shell/outage-banner";
import { env } from "@/lib/env";

interface TargetLayoutProps {
  params: Promise<{ target: string }>;
  children: ReactNode;
}

export default async function TargetLayout({ params, children }: TargetLayoutProps) {
  const { target } = await params;
  if (!env().targets.some(({ name }) => name === target)) notFound();
  return (
    <Prefetch target={target} reads={[["targetStatus", {}]]}>
      <OutageBanner />
      {children}
    </Prefetch>
  );
}
