// Holds questions in GraphQL to GitHub's published schema, and answers to what was asked: reads a list of {query, data}
// and prints what does not fit, a line each.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { buildSchema, executeSync, parse, validate } = require("graphql");

const published = join(process.env.NODE_PATH, "@octokit/graphql-schema/schema.graphql");
// It defines a field twice that nobody here asks for.
const schema = buildSchema(readFileSync(published, "utf8"), { assumeValidSDL: true });
const strange = [];
for (const { query, data } of JSON.parse(readFileSync(0, "utf8"))) {
  const document = parse(query);
  strange.push(...validate(schema, document).map((error) => error.message));
  const answer = executeSync({
    schema,
    document,
    rootValue: data,
    variableValues: { owner: "team", name: "api", after: null },
    // An answer has its fields under the names the question gives them.
    fieldResolver: (source, _arguments, _context, { path }) => source[path.key],
    // The one thing on a timeline that is asked for has no name in the answer.
    typeResolver: (value) => value.__typename ?? "ReadyForReviewEvent",
  });
  strange.push(...(answer.errors ?? []).map((error) => `${error.path?.join(".")}: ${error.message}`));
}
for (const line of strange) console.log(line);
