import { importX } from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// Who may import what (docs/architecture.md, "Folders"): an arrow that is not listed there is an error here.
const zones = [
  {
    target: "./contract",
    from: ["./server", "./cli", "./cave-image", "./scripts", "./viewers", "./app", "./components"],
  },
  { target: "./cli", from: ["./server", "./cave-image", "./scripts", "./viewers", "./app", "./components"] },
  {
    target: "./cave-image/daemon",
    from: ["./server", "./cli", "./scripts", "./viewers", "./app", "./components"],
  },
  { target: "./server", from: ["./cli", "./cave-image", "./scripts", "./viewers", "./app", "./components"] },
  { target: "./viewers", from: ["./server", "./cli", "./cave-image", "./scripts", "./app", "./components"] },
  { target: "./components", from: ["./server", "./cli", "./cave-image", "./scripts", "./app"] },
  { target: "./app", from: ["./server", "./cli", "./cave-image", "./scripts", "./viewers"] },
  { target: "./components/ui", from: "./components", except: ["./ui", "./lib"] },
  { target: "./components/lib", from: "./components", except: ["./lib"] },
  {
    target: "./server/caves",
    from: ["./server/api", "./server/gateway", "./server/backends/docker", "./server/backends/memory"],
  },
  {
    target: "./server/backends/docker",
    from: ["./server/caves", "./server/api", "./server/backends/memory"],
  },
  {
    target: "./server/backends/memory",
    from: ["./server/caves", "./server/api", "./server/backends/docker"],
  },
  { target: "./server/store", from: ["./server/api", "./server/backends", "./server/gateway"] },
];

export default tseslint.config(
  { ignores: ["node_modules/**", "**/dist/**", "test-results/**", "out/**", ".next/**", "next-env.d.ts"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "import-x/order": ["error", { alphabetize: { order: "asc" } }],
      "max-lines": ["error", { max: 400 }],
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // `using _lock = …` holds something for a scope and names it for the reader.
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the environment in server/config/env.ts only." },
        { object: "process", property: "exit", message: "Release everything and let the loop empty." },
      ],
    },
  },
  { files: ["cli/**", "scripts/**", "bench/**"], rules: { "no-console": "off" } },
  {
    files: [
      "server/config/env.ts",
      "cli/**",
      "scripts/**",
      "bench/**",
      "tests/**",
      "cave-image/**",
      "**/*.test.ts",
    ],
    rules: { "no-restricted-properties": "off" },
  },
  {
    // Code for browsers: no Node, and only the page says where its API is.
    files: ["viewers/**"],
    ignores: ["**/*.test.ts", "**/testing/**"],
    rules: {
      "no-restricted-globals": ["error", "Buffer", "process", "global", "location"],
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: "^node:", message: "Browsers have no Node." }] },
      ],
    },
  },
  {
    files: ["viewers/*/page.ts"],
    rules: { "no-restricted-globals": ["error", "Buffer", "process", "global"] },
  },
  // Tests put parts together that must not know each other.
  { files: ["**/*.test.ts", "**/testing/**"], rules: { "import-x/no-restricted-paths": "off" } },
  // Next finds pages by their default export, and React what is loaded later.
  {
    files: ["*.config.ts", "app/**/*.tsx"],
    rules: { "import-x/no-default-export": "off" },
  },
);
