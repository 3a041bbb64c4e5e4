import type { Metadata } from "next";
import { Prefetch } from "@/app/(console)/prefetch";
import { MaintenanceView } from "@/components/maintenance/maintenance-view";

export const metadata: Metadata = { title: "Maintenance" };

interface MaintenancePageProps {
  params: Promise<{ target: string }>;
}

export default async function MaintenancePage({ params }: MaintenancePageProps) {
  const { target } = await params;
  return (
    <Prefetch
      target={target}
      reads={[
        ["databaseAges", {}],
        ["sequences", {}],
        ["indexFaults", {}],
        ["preparedTransactions", {}],
        ["watchedSettings", {}],
      ]}
    >
      <MaintenanceView />
    </Prefetch>
  );
}
