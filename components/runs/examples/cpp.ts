import type { Example } from "./example.ts";

export const cpp: readonly Example[] = [
  {
    title: "Hello",
    shows: "the standard library",
    writes: "3 7 20",
    code: String.raw`#include <algorithm>
#include <iostream>
#include <vector>

int main() {
  std::vector<int> numbers{20, 3, 7};
  std::sort(numbers.begin(), numbers.end());
  std::cout << "Hello from C++ " << __cplusplus << "\n";
  for (int number : numbers) std::cout << number << ' ';
  std::cout << "\n";
}
`,
  },
  {
    title: "Unique words",
    shows: "reads the input",
    writes: "3 different",
    stdin: "ghost cave ghost light\n",
    code: String.raw`#include <iostream>
#include <set>
#include <string>

int main() {
  std::set<std::string> words;
  for (std::string word; std::cin >> word;) words.insert(word);
  for (const auto &word : words) std::cout << word << "\n";
  std::cout << words.size() << " different\n";
}
`,
  },
  {
    title: "A matrix",
    shows: "several files",
    writes: "19 22",
    files: {
      "matrix.hpp": String.raw`#pragma once
#include <array>
#include <cstddef>

template <std::size_t N> using Matrix = std::array<std::array<int, N>, N>;

template <std::size_t N> Matrix<N> operator*(const Matrix<N> &a, const Matrix<N> &b) {
  Matrix<N> product{};
  for (std::size_t i = 0; i < N; i++)
    for (std::size_t j = 0; j < N; j++)
      for (std::size_t k = 0; k < N; k++) product[i][j] += a[i][k] * b[k][j];
  return product;
}
`,
    },
    code: String.raw`#include <iostream>
#include "matrix.hpp"

int main() {
  Matrix<2> a{{{1, 2}, {3, 4}}}, b{{{5, 6}, {7, 8}}};
  for (const auto &row : a * b) std::cout << row[0] << ' ' << row[1] << "\n";
}
`,
  },
  {
    title: "An exception nobody catches",
    shows: "a signal",
    ends: "runtime_error",
    writes: "out_of_range",
    code: String.raw`#include <vector>

int main() {
  std::vector<int> empty;
  return empty.at(3);
}
`,
  },
  {
    title: "Primes",
    shows: "processor time",
    writes: "1270607 primes",
    code: String.raw`#include <iostream>
#include <vector>

int main() {
  const int limit = 20000000;
  std::vector<bool> composite(limit + 1);
  int primes = 0;
  for (long n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    primes++;
    for (long multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = true;
  }
  std::cout << primes << " primes\n";
}
`,
  },
];
