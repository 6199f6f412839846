/**
 * Loads contract/index.ts for browsers: of every endpoint what the typed client reads, without the schemas and the library that checks
 * them. The gateway checks; a page that did so as well would load 40 KB for it.
 */
export default function endpointTable() {
  const done = this.async();
  import(this.resourcePath).then(
    ({ api }) => done(null, `export const api = ${JSON.stringify(slim(api))};`),
    done,
  );
}

const kindAndType = ({ kind, type }) => ({ kind, type });

const slim = (api) =>
  mapValues(api, (endpoints) =>
    mapValues(endpoints, ({ method, path, body, answer }) => ({
      method,
      path,
      body: body.map(kindAndType),
      answer: answer.map(kindAndType),
    })),
  );

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
