import type { Example } from "./example.ts";

export const java: readonly Example[] = [
  {
    title: "Hello, records",
    shows: "compiled in memory, then run",
    writes: "Planet[name=Mars",
    code: String.raw`import java.util.List;

public class Main {
  record Planet(String name, double radius) {}

  public static void main(String[] args) {
    System.out.println("Hello from Java " + System.getProperty("java.version"));
    List.of(new Planet("Mars", 3389.5), new Planet("Venus", 6051.8)).forEach(System.out::println);
  }
}
`,
  },
  {
    title: "Longest line",
    shows: "reads the input",
    writes: "5: ghost",
    stdin: "a\nghost\ncave\n",
    code: String.raw`import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Comparator;

public class Main {
  public static void main(String[] args) {
    var lines = new BufferedReader(new InputStreamReader(System.in)).lines();
    var longest = lines.max(Comparator.comparingInt(String::length)).orElse("");
    System.out.println(longest.length() + ": " + longest);
  }
}
`,
  },
  {
    title: "A queue",
    shows: "several files",
    writes: "second",
    files: {
      "Line.java": String.raw`import java.util.ArrayDeque;

class Line<T> {
  private final ArrayDeque<T> waiting = new ArrayDeque<>();

  void join(T who) { waiting.add(who); }

  T next() { return waiting.remove(); }
}
`,
    },
    code: String.raw`public class Main {
  public static void main(String[] args) {
    var line = new Line<String>();
    line.join("first");
    line.join("second");
    System.out.println(line.next());
    System.out.println(line.next());
  }
}
`,
  },
  {
    title: "Nothing there",
    shows: "an exception with its stack",
    ends: "runtime_error",
    writes: "NullPointerException",
    code: String.raw`public class Main {
  static String name;

  public static void main(String[] args) {
    System.out.println(name.length());
  }
}
`,
  },
  {
    title: "Fibonacci",
    shows: "processor time",
    writes: "433494437",
    code: String.raw`import java.math.BigInteger;

public class Main {
  static int slow(int n) { return n < 2 ? n : slow(n - 1) + slow(n - 2); }

  public static void main(String[] args) {
    System.out.println(slow(43) + " the slow way");
    BigInteger a = BigInteger.ZERO, b = BigInteger.ONE;
    for (int n = 0; n < 1000; n++) { var next = a.add(b); a = b; b = next; }
    System.out.println(a + " is the thousandth");
  }
}
`,
  },
];
