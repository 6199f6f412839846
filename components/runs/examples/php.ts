import type { Example } from "./example.ts";

export const php: readonly Example[] = [
  {
    title: "Hello",
    shows: "the language and its version",
    writes: "Hello from PHP",
    code: String.raw`<?php
echo "Hello from PHP ", PHP_VERSION, "\n";
foreach (['one' => 1, 'two' => 2] as $word => $number) {
    printf("%-4s %03d\n", $word, $number);
}
`,
  },
  {
    title: "From JSON",
    shows: "reads the input",
    writes: "Ada is 36",
    stdin: '[{"name": "Ada", "age": 36}, {"name": "Alan", "age": 41}]\n',
    code: String.raw`<?php
$people = json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
foreach ($people as ['name' => $name, 'age' => $age]) {
    echo "$name is $age\n";
}
`,
  },
  {
    title: "A class",
    shows: "several files",
    writes: "15.00",
    files: {
      "Basket.php": String.raw`<?php
final class Basket
{
    private array $prices = [];

    public function add(float $price, int $count = 1): static
    {
        $this->prices[] = $price * $count;
        return $this;
    }

    public function total(): float
    {
        return array_sum($this->prices);
    }
}
`,
    },
    code: String.raw`<?php
require __DIR__ . '/Basket.php';

printf("%.2f\n", (new Basket())->add(2.5, 4)->add(5)->total());
`,
  },
  {
    title: "A wrong type",
    shows: "a runtime error",
    ends: "runtime_error",
    writes: "TypeError",
    code: String.raw`<?php
declare(strict_types=1);

function half(int $number): float { return $number / 2; }

echo half("ten");
`,
  },
  {
    title: "Levenshtein",
    shows: "processor time",
    writes: "closest",
    code: String.raw`<?php
mt_srand(7);
$word = fn () => implode('', array_map(fn () => chr(97 + mt_rand(0, 5)), range(1, 8)));
$words = array_map($word, range(1, 1200));
$best = [PHP_INT_MAX, '', ''];
foreach ($words as $i => $a) {
    foreach (array_slice($words, $i + 1) as $b) {
        $distance = levenshtein($a, $b);
        if ($distance > 0 && $distance < $best[0]) $best = [$distance, $a, $b];
    }
}
echo "closest: $best[1] and $best[2], $best[0] apart\n";
`,
  },
];
