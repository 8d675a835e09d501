// What one writes first in Node.js: Scan, change the object, put it back unguarded, one by one or 25 to a request.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { readFileSync } from "node:fs";

const IN_FLIGHT = 8;
const [way, endpoint] = process.argv.slice(2);
const perRequest = way === "node" ? 1 : 25;
const client = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  }),
);

function request(items) {
  return way === "node"
    ? new PutCommand({ TableName: "Birds", Item: items[0] })
    : new BatchWriteCommand({ RequestItems: { Birds: items.map((Item) => ({ PutRequest: { Item } })) } });
}

async function write(batches) {
  for (let batch = batches.pop(); batch; batch = batches.pop()) {
    await client.send(request(batch));
  }
}

function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const startCpu = cpuSeconds();
const began = performance.now();
let items = 0;
let cursor;
do {
  const page = await client.send(
    new ScanCommand({ TableName: "Birds", Segment: 0, TotalSegments: 1, ExclusiveStartKey: cursor }),
  );
  const batches = [];
  for (let i = 0; i < page.Items.length; i += perRequest) {
    const batch = page.Items.slice(i, i + perRequest);
    batches.push(batch.map((item) => ({ ...item, updatedAt: "2026-11-20T00:00:00Z" })));
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, () => write(batches)));
  items += page.Count;
  cursor = page.LastEvaluatedKey;
} while (cursor);

const wall = (performance.now() - began) / 1e3;
const cpu = cpuSeconds();
const requests = Number((await (await fetch(`${endpoint}/counts`)).text()).split(" ")[0]);
const rss = Math.trunc(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1] / 1024);
console.log(
  `${way.padEnd(10)} items=${items} cpu_us_per_item=${(((cpu - startCpu) * 1e6) / items).toFixed(1)}` +
    ` cpu_s=${cpu.toFixed(2)} start_cpu_s=${startCpu.toFixed(2)} wall_s=${wall.toFixed(2)}` +
    ` requests_per_item=${(requests / items).toFixed(4)} peak_rss_mb=${rss}`,
);
