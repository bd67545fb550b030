package model_test

import (
	"testing"

	"berth/model"
)

// TestNotKnownSaysWhatIsMeant: the names that people bring from elsewhere lead to those of the
// instance.
func TestNotKnownSaysWhatIsMeant(t *testing.T) {
	known := []string{
		"shop/web-6d5f-x7k2p", "shop/cart (pending)", "data/cart (pending)", "ml/huge (pending)", "catalogue", "web", "web-2",
		"ip-10-0-0-2.eu.internal", "ip-10-0-0-21.eu.internal", "n1", "a/z-1", "a/z-2", "a/z-3", "a/z-4", "a/z-5",
	}
	for name, want := range map[string]string{
		"web-6d5f-x7k2p":      `: did you mean "shop/web-6d5f-x7k2p"?`,
		"Catalogue":           `: did you mean "catalogue"?`,
		"shop/cart-99f-abcde": `: did you mean "shop/cart (pending)"?`,
		"cart-99f-abcde":      `: did you mean "shop/cart (pending)" or "data/cart (pending)"?`,
		"ml/huge":             `: did you mean "ml/huge (pending)"?`,
		"huge":                `: did you mean "ml/huge (pending)"?`,
		"ip-10-0-0-2":         `: did you mean "ip-10-0-0-2.eu.internal"?`,
		"catalouge":           `: did you mean "catalogue"?`,
		"c":                   "; check the name: it has shop/web-6d5f-x7k2p, shop/cart (pending), data/cart (pending), ml/huge (pending), catalogue, web and 9 more",
		"n2":                  "; check the name: it has shop/web-6d5f-x7k2p, shop/cart (pending), data/cart (pending), ml/huge (pending), catalogue, web and 9 more",
		"":                    "; check the name: it has shop/web-6d5f-x7k2p, shop/cart (pending), data/cart (pending), ml/huge (pending), catalogue, web and 9 more",
		"z":                   `: did you mean "a/z-1" or "a/z-2" or "a/z-3", or one of 2 others?`,
	} {
		if got, whole := model.NotKnown("task", name, known).Error(), `there is no task "`+name+`" in the instance`+want; got != whole {
			t.Errorf("%s, want %s", got, whole)
		}
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{
		"1 task": model.Plural(1, "task"), "0 tasks": model.Plural(0, "task"), "2 dependencies": model.Plural(2, "dependency"),
		"1 dependency": model.Plural(1, "dependency"), "3 days": model.Plural(3, "day"), "1 is": model.Counted(1, "is", "are"), "4 are": model.Counted(4, "is", "are"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
