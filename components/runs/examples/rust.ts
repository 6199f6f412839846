import type { Example } from "./example.ts";

export const rust: readonly Example[] = [
  {
    title: "Hello, iterators",
    shows: "compiled, then run",
    writes: "sum of squares 385",
    code: String.raw`fn main() {
    println!("Hello from Rust");
    let sum: u32 = (1..=10).map(|n| n * n).sum();
    println!("sum of squares {sum}");
}
`,
  },
  {
    title: "Number the lines",
    shows: "reads the input",
    writes: "2 cave",
    stdin: "ghost\ncave\n",
    code: String.raw`use std::io::{self, BufRead};

fn main() -> io::Result<()> {
    for (number, line) in io::stdin().lock().lines().enumerate() {
        println!("{} {}", number + 1, line?);
    }
    Ok(())
}
`,
  },
  {
    title: "A module",
    shows: "several files, arguments",
    args: "level racecar ghost",
    writes: "racecar yes",
    files: {
      "words.rs": String.raw`pub fn is_palindrome(word: &str) -> bool {
    word.chars().eq(word.chars().rev())
}
`,
    },
    code: String.raw`mod words;

fn main() {
    for word in std::env::args().skip(1) {
        println!("{word} {}", if words::is_palindrome(&word) { "yes" } else { "no" });
    }
}
`,
  },
  {
    title: "A moved value",
    shows: "the compiler's words",
    ends: "compile_error",
    writes: "borrow of moved value",
    code: String.raw`fn main() {
    let cave = String::from("lascaux");
    let mine = cave;
    println!("{mine} {cave}");
}
`,
  },
  {
    title: "Change for a pound",
    shows: "processor time",
    writes: "ways",
    code: String.raw`fn ways(amount: u32, coins: &[u32]) -> u64 {
    match (amount, coins) {
        (0, _) => 1,
        (_, []) => 0,
        (amount, [coin, rest @ ..]) => (0..=amount / coin).map(|n| ways(amount - n * coin, rest)).sum(),
    }
}

fn main() {
    println!("{} ways", ways(300, &[200, 100, 50, 20, 10, 5, 2, 1]));
}
`,
  },
];
