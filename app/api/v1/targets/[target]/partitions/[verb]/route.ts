import { changePartitionsWith } from "@/app/api/v1/partitions";

export const dynamic = "force-dynamic";
export const POST = changePartitionsWith();
