/** The body of a Node request, up to a limit. Only what is needed of Node's streams, so that nothing of Node is imported. */
import { joined } from "../read-bytes.ts";

export type NodeStream = {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
};

/** null: it is longer than `bytesMax`. What is over is let run off, so that the sender can hear the answer. Rejects when the sender leaves. */
export function readNodeBody(stream: NodeStream, bytesMax: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    let chunks: Uint8Array[] = [];
    let length = 0;
    stream.on("data", (chunk) => {
      length += chunk.byteLength;
      if (length <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      chunks = [];
      resolve(null);
    });
    stream.on("end", () => resolve(length > bytesMax ? null : joined(chunks, length)));
    stream.on("error", reject);
    stream.on("close", () => reject(new Error("the sender left before its body had come")));
  });
}
