import type { Example } from "./example.ts";

export const ruby: readonly Example[] = [
  {
    title: "Hello",
    shows: "blocks and ranges",
    writes: "1 4 9 16",
    code: String.raw`puts "Hello from Ruby #{RUBY_VERSION}"
puts (1..10).map { |n| n * n }.join(" ")
warn "and a word on stderr"
`,
  },
  {
    title: "Anagrams",
    shows: "reads the input",
    writes: "listen silent",
    stdin: "listen\ncave\nsilent\nghost\nenlist\n",
    code: String.raw`groups = $stdin.each_line(chomp: true).group_by { |word| word.chars.sort }
groups.values.select { |words| words.size > 1 }.each { |words| puts words.join(" ") }
`,
  },
  {
    title: "A module",
    shows: "several files, arguments",
    args: "7 21",
    writes: "XXI",
    files: {
      "lib/roman.rb": String.raw`module Roman
  STEPS = { 10 => "X", 9 => "IX", 5 => "V", 4 => "IV", 1 => "I" }.freeze

  def self.of(number)
    STEPS.reduce("") do |text, (value, letters)|
      times, number = number.divmod(value)
      text + letters * times
    end
  end
end
`,
    },
    code: String.raw`require_relative "lib/roman"

ARGV.each { |word| puts Roman.of(word.to_i) }
`,
  },
  {
    title: "No such method",
    shows: "a runtime error",
    ends: "runtime_error",
    writes: "NoMethodError",
    code: String.raw`cave = nil
puts cave.open
`,
  },
  {
    title: "Perfect numbers",
    shows: "processor time",
    writes: "8128",
    code: String.raw`(2..9000).each do |n|
  sum = (1..n / 2).sum { |d| (n % d).zero? ? d : 0 }
  puts n if sum == n
  $stdout.flush
end
`,
  },
];
