extension Double {
    /// Rounded to one decimal, as reports show numbers.
    public var tenths: Double { (self * 10).rounded() / 10 }
}
