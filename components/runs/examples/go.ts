import type { Example } from "./example.ts";

export const go: readonly Example[] = [
  {
    title: "Hello, goroutines",
    shows: "several things at once",
    writes: "all done",
    code: String.raw`package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var group sync.WaitGroup
	for worker := 1; worker <= 4; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			time.Sleep(time.Duration(worker) * 100 * time.Millisecond)
			fmt.Println("worker", worker)
		}()
	}
	group.Wait()
	fmt.Println("all done")
}
`,
  },
  {
    title: "Sort the input",
    shows: "reads the input",
    writes: "ant\nbear",
    stdin: "cat\nbear\nant\n",
    code: String.raw`package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
)

func main() {
	var lines []string
	for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	sort.Strings(lines)
	for _, line := range lines {
		fmt.Println(line)
	}
}
`,
  },
  {
    title: "Shapes",
    shows: "several files of one package",
    writes: "12.57",
    files: {
      "shapes.go": String.raw`package main

import "math"

type Shape interface{ Area() float64 }

type Circle struct{ Radius float64 }
type Square struct{ Side float64 }

func (c Circle) Area() float64 { return math.Pi * c.Radius * c.Radius }
func (s Square) Area() float64 { return s.Side * s.Side }
`,
    },
    code: String.raw`package main

import "fmt"

func main() {
	for _, shape := range []Shape{Circle{2}, Square{3}} {
		fmt.Printf("%-16T %.2f\n", shape, shape.Area())
	}
}
`,
  },
  {
    title: "An index too far",
    shows: "a panic",
    ends: "runtime_error",
    writes: "index out of range",
    code: String.raw`package main

import "fmt"

func main() {
	words := []string{"one", "two"}
	for i := 0; ; i++ {
		fmt.Println(words[i])
	}
}
`,
  },
  {
    title: "Hashes",
    shows: "processor time",
    writes: "0000",
    code: String.raw`package main

import (
	"crypto/sha256"
	"fmt"
)

func main() {
	for n := 0; ; n++ {
		sum := fmt.Sprintf("%x", sha256.Sum256([]byte(fmt.Sprint("ghost", n))))
		if sum[:5] == "00000" {
			fmt.Println(n, sum)
			return
		}
	}
}
`,
  },
];
