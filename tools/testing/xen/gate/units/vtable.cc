// SPDX-License-Identifier: GPL-2.0
// A virtual function, and with it a vtable.
// expect: vtable or type information
extern "C" int xen_gate_seed() noexcept;

struct Shape {
	virtual int area() const noexcept;

protected:
	~Shape() = default;
};

int Shape::area() const noexcept
{
	return xen_gate_seed();
}
